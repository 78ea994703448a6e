/// Command lines that are made at random, in this process.
module CausalDebiasing.Bench.Cli.Faults.CommandLines

open System
open System.IO
open System.Reflection

let private verbs = [|
    "sweep"
    "reproduce"
    "status"
    "report"
    "merge"
    "score"
    "data"
    "help"
    "torture"
|]

let private words = [|
    "help"
    "--dataset"
    "--seeds"
    "--out"
    "--signal"
    "--jobs"
    "--tune"
    "--profile"
    "--variants"
    "--baselines"
    "--baseline"
    "--studies"
    "--predictions"
    "--mechanism"
    "--missing-rate"
    "--leave-out"
    "--cell-timeout"
    "--train-size"
    "--force"
    "--init"
    "--check"
    "--"
    "-"
    ""
    " "
    "0"
    "-1"
    "1e400"
    "NaN"
    "infinity"
    "2147483648"
    "plain"
    "logistic"
    "acquisition"
    "hospital-null@site:x"
    "heart-uci@folds:0"
    "heart-uci@folds:99999999999"
    "@"
    "no.json"
    "all"
    "smoke"
    "=1"
    "--out=x"
    "../../x"
    "é"
    "\000"
|]

/// Words that keep a verb from computing anything.
let private harmless verb =
    match verb with
    | "sweep"
    | "reproduce" -> [ "--dry-run"; "--data-root"; AppContext.BaseDirectory ]
    | "data" -> [ "--check"; "nowhere.json" ]
    | "torture" -> [ "--only" ]
    | _ -> []

let private compose (random: Random) =
    let verb = random.GetItems(verbs, 1)[0]
    verb :: List.ofArray (random.GetItems(words, random.Next 8)) @ harmless verb

let private main = lazy (nonNull (Assembly.GetExecutingAssembly().EntryPoint))

/// Exit code and lines on standard error of the program in this process, from a folder. Nothing else may write to the
/// console meanwhile.
let private run (arguments: string list) (folder: string) =
    let output, errors, before =
        Console.Out, Console.Error, Directory.GetCurrentDirectory()

    use said = new StringWriter()

    try
        Console.SetOut TextWriter.Null
        Console.SetError said
        Directory.SetCurrentDirectory folder
        let code = main.Value.Invoke(null, [| box (Array.ofList arguments) |])

        nonNull code :?> int,
        said.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
        |> List.ofArray
    finally
        Directory.SetCurrentDirectory before
        Console.SetOut output
        Console.SetError errors

let private attempt setting folder =
    let arguments = compose setting.Random
    let mutable broken = None

    let check () =
        let code, errors = run arguments folder
        let said = String.concat " / " errors
        let isOrderly = code = 0 || code < 3 && errors.Length > 0

        if not isOrderly || said.Contains "defect" || said.Contains "   at " then
            broken <- Some $"exit code {code}: {said}"

    Case.first [
        fun () -> GeneratedInputs.survives check
        fun () -> broken
    ]
    |> Option.map (fun reason -> $"{arguments}: {reason}")

let inputs = [ GeneratedInputs.case "command line" 40 attempt ]
