namespace CausalDebiasing.Bench.Exchange

open System
open System.ComponentModel
open System.Diagnostics
open System.IO
open System.Threading.Tasks
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running
open CausalDebiasing.Predictors
open CausalDebiasing.Runtime

/// Where a program of a baseline works.
type ExternalPlace = {
    /// Folder for the study's files, which is deleted afterwards.
    Folder: string
    /// File for what the program says, which only its owner can read.
    Log: string
}

/// Fits and predicts by a program of its own, in one call.
type ExternalPredictor
    (baseline: ExternalBaseline, content: string, cell: Cell, study: Study, place: ExternalPlace) =
    let folder = Path.GetFullPath place.Folder
    let log = Path.GetFullPath place.Log
    let mutable fitted: IPredictor option = None

    let fail (problem: string) =
        raise (InputException $"The command of '{baseline.Id}' {problem}; what it said is in '{log}'.")

    let keep (said: string) =
        OwnerOnly.folder (string (Path.GetDirectoryName log))

        AtomicFile.write log (fun partial ->
            File.WriteAllText(partial, said)
            OwnerOnly.file partial)

    /// Runs the command to its end; kills it when its time is up.
    let run () =
        try
            use started =
                nonNull (Process.Start(ExternalBaseline.start baseline baseline.Command folder))

            use _ = ChildProcesses.hold started
            started.StandardInput.Close()

            let said =
                Task.WhenAll(started.StandardOutput.ReadToEndAsync(), started.StandardError.ReadToEndAsync())

            let isInTime = started.WaitForExit(TimeSpan.FromSeconds baseline.Seconds)

            if not isInTime then
                started.Kill(entireProcessTree = true)

            // A child that outlives the command may hold the streams open.
            let isHeard = said.Wait(TimeSpan.FromSeconds 10.)
            keep (if isHeard then String.concat "\n" said.Result else "")

            if not isInTime then
                fail $"took longer than its {baseline.Seconds} s ('seconds')"

            if started.ExitCode <> 0 then
                fail $"ended with exit code {started.ExitCode}"
        with :? Win32Exception as failure ->
            raise (
                InputException
                    $"The command of '{baseline.Id}' does not start: {ExternalBaseline.whyNotStarted baseline.Command.Head failure}; {baseline.Remedy}."
            )

    /// A file's name instead of its path, which leads nowhere once the folder is deleted.
    let readFile (file: string) =
        try
            PredictionFile.readAll [ file ]
        with :? InputException as mistake ->
            let told =
                mistake.Message.Replace(file, Path.GetFileName file, StringComparison.Ordinal)

            fail $"wrote predictions that cannot be read: {told.TrimEnd '.'}"

    let predictions (asked: ExchangeStudy) =
        let file =
            [ "predictions.parquet"; "predictions.csv" ]
            |> List.map (fun name -> Path.Combine(folder, name))
            |> List.tryFind File.Exists

        match file with
        | None -> fail "wrote no predictions.csv and no predictions.parquet into its working folder"
        | Some file ->
            let key = asked.Hash.Substring(0, ExchangeStudy.keyDigits)

            match (readFile file).TryFind key with
            | Some found ->
                PredictionFile.requireAll $"'{baseline.Id}'" asked found
                found
            | None -> fail "predicted no row that was asked for"

    let delete () =
        if Directory.Exists folder then
            Directory.Delete(folder, recursive = true)

    let ask () =
        let asked = ExchangeStudy.make cell.Data cell.Variant content study
        delete ()

        try
            StudyFolder.write folder baseline.Format cell.Data cell.Variant asked
            run ()
            asked, predictions asked
        finally
            delete ()

    let found () =
        match fitted with
        | Some predictor -> predictor
        | None -> invalidOp $"'{baseline.Id}' has not been fitted."

    interface IPredictor with
        member _.Name = baseline.Id

        member _.Fit(train, validation, context) =
            let asked, probabilities = ask ()
            let replay = CellFit.around cell.Variant (new Replay(asked, probabilities))
            replay.Fit(train, validation, context)
            fitted <- Some replay

        member _.PredictProbability(cohort) = (found ()).PredictProbability cohort
        member _.Save(destination) = (found ()).Save destination

        member _.Load(_) =
            invalidOp $"'{baseline.Id}' cannot be loaded."

        member _.Dispose() = fitted |> Option.iter _.Dispose()
