/// `score`: judges predictions that a model from outside made for exported studies.
module CausalDebiasing.Bench.Cli.Commands.Score

open System
open System.IO
open System.Text.RegularExpressions
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Exchange
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running
open CausalDebiasing.Bench.Running.Slurm
open CausalDebiasing.Runtime

let private checkName (name: string) =
    if not (Regex.IsMatch(name, "^[a-z][a-z0-9]*(-[a-z0-9]+)*$") && name.Length <= 60) then
        raise (
            InputException
                $"--baseline '{name}' is no name: give lower-case words joined by hyphens, such as my-model."
        )

    if Suite.isKnownBaseline name then
        raise (
            InputException
                $"--baseline '{name}' is a baseline of the suite: give your model a name of its own."
        )

/// Of the studies those with predictions. Raises InputException for predictions of no study.
let private matched folder (studies: (string * StudyFile) list) (predictions: Map<string, _>) =
    let key (study: StudyFile) =
        study.Study.Substring(0, ExchangeStudy.keyDigits)

    let known = studies |> List.map (snd >> key) |> Set.ofList

    match predictions.Keys |> Seq.tryFind (known.Contains >> not) with
    | Some _ ->
        raise (
            InputException
                $"--predictions hold keys of a study that is not in '{folder}' (--studies): give the studies that the predictions were made for."
        )
    | None -> ()

    [
        for place, study in studies do
            match predictions.TryFind(key study) with
            | Some found -> string (Path.GetFileName place), study, found
            | None -> ()
    ]

/// The result of the predictions for a study. Raises InputException when the study is not that which was exported, or rows
/// have no prediction.
let private judge access folder baseline catalog (name: string, file: StudyFile, predictions) =
    let data = StudyFile.data file
    let variant = Variant.parse StudyFile.name file.Variant
    ExchangeVariant.require StudyFile.name variant
    let content, study = Suite.study access data
    let asked = ExchangeStudy.make data variant content study

    if asked.Hash <> file.Study then
        raise (
            InputException
                $"The study '{name}' is not what this build makes of its condition: the data, the suite or {StudyFile.name} changed since; export and predict again."
        )

    PredictionFile.requireAll $"'{name}'" asked predictions

    let cell = {
        Data = data
        Baseline = baseline
        Variant = variant
        Hyperparameters = Map.empty
    }

    let item = Todo.item catalog cell

    let laboratory = {
        Suite.laboratory access folder true with
            Study = fun _ -> content, study
            Predictor = fun _ _ -> CellFit.around variant (new Replay(asked, predictions))
            SeesBatch = fun _ -> false
    }

    let result = RunCell(laboratory).Run item

    if result.Status <> Done then
        raise (InputException $"The predictions for '{name}' cannot be judged: {result.Error}")

    // How long the model took is not known here.
    item, { result with FitSeconds = nan }

/// Each cell beside those of the same data, whatever experiments they belong to.
let private planned (before: Plan) (items: WorkItem list) = {
    Plan.empty with
        Cells = [
            for item in items do
                let beside =
                    before.Cells
                    |> List.filter (fun planned ->
                        {
                            planned.Cell.Data with
                                Unbiased = false
                        } = { item.Cell.Data with Unbiased = false })
                    |> List.map _.Experiment
                    |> List.distinct

                for experiment in (if beside.IsEmpty then [ "sweep" ] else beside) do
                    {
                        Experiment = experiment
                        Cell = item.Cell
                    }
        ]
}

let private planOf folder commandLine =
    if File.Exists(RunFolder.plan folder) then
        PlanFile.read folder
    else
        {
            Command = commandLine
            Profile = "sweep"
            Plan = Plan.empty
        }

let run (commandLine: string) arguments =
    let options = Parsing.parse<ScoreArgument> "score" arguments
    // As workers do: with another number of threads the last digits differ.
    TorchRuntime.Threads <- 1
    let baseline = options.GetResult ScoreArgument.Baseline
    let folder = options.GetResult ScoreArgument.Out
    let studies = options.GetResult ScoreArgument.Studies
    let dataRoot = options.TryGetResult ScoreArgument.Data_Root
    checkName baseline
    let access = Suite.dataAccess dataRoot
    let described = StudyFile.readAll studies

    let matched =
        PredictionFile.readAll (options.GetResult ScoreArgument.Predictions)
        |> matched studies described

    if matched.IsEmpty then
        raise (InputException "--predictions hold no row: predict the rows of the studies.")

    let catalog =
        Suite.catalogWith access [ for _, study, _ in matched -> study.Condition.Dataset ] [
            Suite.scored baseline
        ]

    Submission.requireIdle folder
    use _ = RunFolder.take folder
    let before = planOf folder commandLine

    let judged = matched |> List.map (judge access folder baseline catalog)

    for item, result in judged do
        Store.write folder {
            Identity = item.Identity
            Result = result
        }

    PlanFile.write folder {
        before with
            Plan = Plan.append before.Plan (planned before.Plan (List.map fst judged))
    }

    if RunEnvironment.describe folder |> List.isEmpty then
        RunEnvironment.write folder {
            RunEnvironment.capture commandLine 1 with
                EndedUtc = Some DateTime.UtcNow
        }

    let left = described.Length - matched.Length

    if left > 0 then
        printfn $"{left} of the {described.Length} studies have no predictions."

    FinishedRun.read folder dataRoot |> snd |> Conclusion.write access folder
    Exit.Success
