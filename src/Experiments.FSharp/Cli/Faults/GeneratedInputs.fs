/// Bad input by the thousand, made of whole files by a few changes each: whatever a file holds is read or refused in one line, soon and in bounded memory.
module CausalDebiasing.Bench.Cli.Faults.GeneratedInputs

open System
open System.IO
open System.Threading.Tasks
open CausalDebiasing.Runtime

let private limit = TimeSpan.FromMinutes 1.
let private mostMemory = 2L <<< 30

let private explain (failure: exn) =
    match failure with
    | :? InputException when not (failure.Message.Contains '\n') -> None
    | :? InputException -> Some $"more than one line: {failure.Message}"
    | defect ->
        let line = defect.Message.Split('\n')[0]
        Some $"{defect.GetType().Name}: {line}"

/// What an action does that it must not: raises anything but an InputException of one line, takes more than a minute, or more
/// than 2 GiB.
let survives (action: unit -> unit) =
    try
        if not ((Task.Run action).Wait limit) then
            Some "it takes more than a minute"
        elif Environment.WorkingSet > mostMemory then
            Some "the process takes more than 2 GiB"
        else
            None
    with :? AggregateException as failure ->
        failure.InnerException |> Option.ofObj |> Option.bind explain

/// The reader's whole files in the trial's folder; they are made once.
let private prepare (reader: Reader) setting folder =
    let whole = Path.Combine(setting.Scratch, "inputs", reader.Name)

    if not (Directory.Exists whole) then
        Directory.CreateDirectory whole |> ignore
        File.WriteAllText(whole + ".txt", reader.Write setting whole)

    SmallGrid.copy whole folder
    Path.Combine(folder, Path.GetRelativePath(whole, File.ReadAllText(whole + ".txt")))

let private attempt (reader: Reader) setting folder =
    let file = prepare reader setting folder
    reader.Damage setting.Random file
    survives (fun () -> reader.Read file)

/// A case of this share of a thousand generated inputs.
let case name share attempt =
    Case.create $"input: {name}" (max 5 (share / 4)) share attempt

let cases = [ for reader in Reader.all -> case reader.Name reader.Share (attempt reader) ]

/// The cases with a number of inputs in all, by their shares.
let scaled (inputs: int) (cases: Case list) =
    let shares = cases |> List.sumBy _.Whole

    cases
    |> List.map (fun case -> {
        case with
            Whole = max 1 (int (int64 inputs * int64 case.Whole / int64 shares))
    })
