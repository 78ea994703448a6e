module CausalDebiasing.Tests.Sweeping.RunCellTests

open System
open System.IO
open System.Runtime.InteropServices
open Expecto
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Cohorts
open CausalDebiasing.Predictors
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support.SweepFixture
open CausalDebiasing.Tests.Support.TempFolder
open TorchSharp

/// Eight rows whose first feature ranks them perfectly.
let private cohort =
    let labels = [| 0f; 1f; 0f; 1f; 0f; 1f; 0f; 1f |]

    Cohort(
        [| Modality.Tabular("lab", 1) |],
        [| labels |> Array.mapi (fun i y -> y + 0.1f * float32 i) |],
        Array.create 8 true,
        labels,
        [| 0; 1; 0; 1; 0; 1; 0; 1 |],
        [| "a"; "b" |],
        Array.init 8 int64
    )

let private study (seed: int) = {
    Train = cohort.Select([| 0..5 |])
    Validation = cohort
    Tests = [
        {
            Condition = "do"
            Cohort = cohort
            BayesProbability =
                Some(
                    lazy
                        (Array.init 8 (fun i ->
                            if seed = 1 then
                                float i / 10.
                            else
                                failwith "computed again"))
                )
            DoProbability = Some(lazy (Array.create 8 0.25))
        }
    ]
}

type private Recorder() =
    member val Seen: (float32 list * int list) list = [] with get, set
    member val Seeds: Seed list = [] with get, set

/// Predicts 0.75 above 0.5 and 0.25 below, and records what it was shown.
let private predictor (recorder: Recorder) (fit: unit -> unit) = {
    new IPredictor with
        member _.Name = "recorder"

        member _.Fit(_, _, context) =
            recorder.Seeds <- context.Seed :: recorder.Seeds
            fit ()

        member _.PredictProbability(cohort) =
            recorder.Seen <-
                (List.ofArray (cohort.Labels.ToArray()), List.ofArray (cohort.Sites.ToArray()))
                :: recorder.Seen

            cohort.Values(0).ToArray()
            |> Array.map (fun value -> if value > 0.8f then 0.75f else 0.25f)

        member _.Save(_) = ()
        member _.Load(_) = ()
        member _.Dispose() = ()
}

let private laboratory recorder fit = {
    Study = fun spec -> "1", study spec.Seed
    Predictor = fun _ _ -> predictor recorder fit
    SeesBatch = fun _ -> false
    OracleAuroc = fun _ _ -> 0.9
    Keep = fun _ _ -> []
}

[<Tests>]
let tests =
    // One test changes what all threads share.
    testSequenced
    <| testList "run cell" [
        testCase "measures every test set, with outcomes and sites hidden from the predictor"
        <| fun () ->
            let recorder = Recorder()
            let result = RunCell(laboratory recorder ignore).Run (items 1).Head
            Expect.equal (result.Status, result.Error) (Done, "") "status"
            Expect.equal result.TrainRows 6 "rows"
            let measure = Expect.wantSome (List.tryExactlyOne result.Measures) "one test set"
            Expect.equal measure.Condition "do" "condition"
            Expect.equal measure.TestRows 8 "test rows"
            Expect.equal measure.Auroc 1. "ranks perfectly, although it saw no outcome"
            Expect.floatClose Accuracy.high measure.Brier 0.0625 "all are off by a quarter"
            Expect.floatClose Accuracy.high measure.DoRisk 0.25 "half are off by a half"
            Expect.equal measure.OracleAuroc 0.9 "oracle"
            let blind = List.replicate 8 0f, List.replicate 8 0
            Expect.equal recorder.Seen [ blind; blind ] "nothing to cheat with, in validation and test rows"
            let loss = Diagnostic.tryNumber Diagnostic.validationLogLoss result
            Expect.floatClose Accuracy.high (Expect.wantSome loss "reported") (-log 0.75) "validation"
            Expect.isFalse (result.Diagnostics.ContainsKey Diagnostic.orderSpreadName) "rows are independent"

        testCase "how far the order of the patients moves the AUROC is reported where it can"
        <| fun () ->
            let spread (predictor: IPredictor) =
                let laboratory = {
                    laboratory (Recorder()) ignore with
                        Predictor = fun _ _ -> predictor
                        SeesBatch = fun _ -> true
                }

                RunCell(laboratory).Run (items 1).Head
                |> Diagnostic.tryNumber Diagnostic.orderSpreadName

            Expect.equal (spread (predictor (Recorder()) ignore)) (Some 0.) "sees one patient at a time"

            // Its probability is the patient's place in the batch.
            let byPlace = {
                new IPredictor with
                    member _.Name = "by place"
                    member _.Fit(_, _, _) = ()

                    member _.PredictProbability(cohort) =
                        Array.init cohort.Count (fun i -> float32 i / 8f)

                    member _.Save(_) = ()
                    member _.Load(_) = ()
                    member _.Dispose() = ()
            }

            Expect.isGreaterThan (Expect.wantSome (spread byPlace) "reported") 0.1 "sees the order"

        testCase "the fit's seed is the data condition's, whatever the method"
        <| fun () ->
            let recorder = Recorder()
            let run = RunCell(laboratory recorder ignore).Run

            for item in items 2 do
                run item |> ignore

            Expect.equal (List.distinct recorder.Seeds).Length 2 "two seeds for four cells"

        testCase "whatever goes wrong is a Failed result with one line"
        <| fun () ->
            let failing (failure: exn) =
                RunCell(laboratory (Recorder()) (fun () -> raise failure)).Run (items 1).Head

            let defect = failing (InvalidOperationException "broken\n   at native frame")

            Expect.equal
                (defect.Status, defect.Error)
                (Failed, "InvalidOperationException: broken")
                "a defect"

            Expect.stringContains defect.Details "InvalidOperationException" "type"
            Expect.stringContains defect.Details "RunCell" "where it happened"
            Expect.isFalse (defect.Details.Contains "broken") "no message, which may repeat values"

            let mistake = failing (InputException "labels are all equal")
            Expect.equal (mistake.Status, mistake.Error) (Failed, "Input: labels are all equal") "the data"

        testCase "data other than those of the plan are refused, and read again for the next cell"
        <| fun () ->
            let reads = ref 0

            let laboratory = {
                laboratory (Recorder()) ignore with
                    Study =
                        fun spec ->
                            reads.Value <- reads.Value + 1
                            (if reads.Value = 1 then "edited" else "1"), study spec.Seed
            }

            let run = RunCell(laboratory)
            let item = (items 1).Head
            let refused = run.Run item
            Expect.equal refused.Status Failed "status"
            Expect.stringContains refused.Error "not those that the run was planned on" "reason"
            Expect.isEmpty refused.Measures "nothing is filed"
            Expect.equal (run.Run item).Status Done "the old file is back"

        testCase "a baseline that changes its process is told of, and undone"
        <| fun () ->
            let before = ProcessState.capture ()

            let dirty () =
                torch.set_default_dtype torch.float64
                torch.set_num_threads (before.Threads + 1)
                Environment.SetEnvironmentVariable("CAUSALDEBIAS_TEST_VARIABLE", "1")

            let result = RunCell(laboratory (Recorder()) dirty).Run (items 1).Head
            Expect.equal result.Status Done "the cell counts"
            Expect.isTrue (ProcessState.isChangedBy result) "told of"

            for part in [ "Float64"; "threads"; "CAUSALDEBIAS_TEST_VARIABLE" ] do
                Expect.stringContains result.Diagnostics[ProcessState.diagnostic] part "what"

            Expect.isEmpty (ProcessState.changes before (ProcessState.capture ())) "undone"

            let clean = RunCell(laboratory (Recorder()) ignore).Run (items 1).Head
            Expect.isFalse (ProcessState.isChangedBy clean) "nothing to tell"

        testCase
            "a baseline that writes into the patients' data fails, and the next one sees them as they were"
        <| fun () ->
            let shared = study 1

            let laboratory fit = {
                laboratory (Recorder()) fit with
                    Study = fun _ -> "1", shared
            }

            let write () =
                MemoryMarshal.GetReference(shared.Train.Values 0) <- 1e6f

            let result = RunCell(laboratory write).Run (items 1).Head
            Expect.equal result.Status Failed "its numbers do not count"
            Expect.stringContains result.Error "may only read" "reason"
            Expect.isTrue (ProcessState.isChangedBy result) "the worker is replaced"

            let reads = ref 0

            let run =
                RunCell(
                    {
                        laboratory (fun () ->
                            if reads.Value = 1 then
                                write ()) with
                            Study =
                                fun spec ->
                                    reads.Value <- reads.Value + 1
                                    "1", (if reads.Value = 1 then shared else study spec.Seed)
                    }
                )
                    .Run

            MemoryMarshal.GetReference(shared.Train.Values 0) <- 0f
            Expect.equal (run (items 1).Head).Status Failed "written into"
            Expect.equal (run (items 1).Head).Status Done "made anew"

        testCase "the oracle is computed once per test set"
        <| fun () ->
            withFolder (fun folder ->
                let first = OracleStore.auroc folder cell.Data (study 1).Tests.Head
                Expect.equal first 0.625 "10 of 16 pairs of rows are in order"

                let unbiased = {
                    cell.Data with
                        Unbiased = true
                        TrainSize = Some 200
                }

                Expect.equal (OracleStore.auroc folder unbiased (study 2).Tests.Head) first "remembered"
                let file = Directory.GetFiles folder |> Array.exactlyOne
                Expect.isEmpty (OracleFile.damaged folder) "whole"
                let text = File.ReadAllText file
                File.WriteAllText(file, "0.9" + text.Substring(text.IndexOf ' '))
                Expect.equal (OracleFile.damaged folder) [ file ] "edited"
                Expect.equal (OracleStore.auroc folder cell.Data (study 1).Tests.Head) first "computed again"
                Expect.isEmpty (OracleFile.damaged folder) "and mended"
                File.WriteAllText(file, "0.625")
                Expect.equal (OracleFile.damaged folder) [ file ] "of an earlier version"
                File.Copy(file, OracleFile.path folder "other", overwrite = true)
                File.WriteAllText(OracleFile.path folder "other", text)
                Expect.isNone (OracleFile.tryRead folder "other") "under another name"

                let other = { cell.Data with Confounding = 0.1 }

                Expect.throws
                    (fun () -> OracleStore.auroc folder other (study 2).Tests.Head |> ignore)
                    "another condition")
    ]
