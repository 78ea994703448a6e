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

/// Fits and predicts by a program of its own, in one call: it gets the study's files in a folder that is deleted afterwards,
/// and what it says goes to a log that only its owner can read.
type ExternalPredictor(baseline: ExternalBaseline, content: string, cell: Cell, study: Study, log: string) =
    let mutable fitted: IPredictor option = None

    let fail (problem: string) =
        raise (
            InputException
                $"The command of '{baseline.Id}' {problem}; what it said is in '{Path.GetFullPath log}'."
        )

    let keep (said: string) =
        OwnerOnly.folder (string (Path.GetDirectoryName(Path.GetFullPath log)))

        AtomicFile.write log (fun partial ->
            File.WriteAllText(partial, said)
            OwnerOnly.file partial)

    /// Runs the command to its end; kills it when its time is up.
    let run folder =
        try
            use started =
                nonNull (Process.Start(ExternalBaseline.start baseline baseline.Command folder))

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
        with :? Win32Exception ->
            raise (
                InputException
                    $"The command of '{baseline.Id}' does not start: there is no program '{baseline.Command.Head}'; {baseline.Remedy}."
            )

    let predictions folder (asked: ExchangeStudy) =
        let file =
            [ "predictions.parquet"; "predictions.csv" ]
            |> List.map (fun name -> Path.Combine(folder, name))
            |> List.tryFind File.Exists

        match file with
        | None -> fail "wrote no predictions.csv and no predictions.parquet into its working folder"
        | Some file ->
            let key = asked.Hash.Substring(0, ExchangeStudy.keyDigits)

            match (PredictionFile.readAll [ file ]).TryFind key with
            | Some found ->
                PredictionFile.requireAll $"'{baseline.Id}'" asked found
                found
            | None -> fail "predicted no row that was asked for"

    let ask () =
        let asked = ExchangeStudy.make cell.Data cell.Variant content study
        let folder = Directory.CreateTempSubdirectory("causal-debias-external-").FullName

        try
            StudyFolder.write folder baseline.Format cell.Data cell.Variant asked
            run folder
            asked, predictions folder asked
        finally
            Directory.Delete(folder, recursive = true)

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
