module CausalDebiasing.Tests.Measures.AurocIntervalTests

open System
open Expecto
open CausalDebiasing.Bench.Measures
open CausalDebiasing.Metrics
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support

let private close (expected: float) (actual: float) what =
    Expect.floatClose Accuracy.high actual expected what

/// 109 CT images, rated from 1 to 5: Hanley and McNeil, Radiology 143, 1982.
let private images =
    let rows = [|
        for outcome, counts in [ 0., [ 33; 6; 6; 11; 2 ]; 1., [ 3; 2; 2; 11; 33 ] ] do
            for rating, count in List.indexed counts do
                for _ in 1..count do
                    float (rating + 1) / 5., outcome
    |]

    JudgedRows.create (Array.map fst rows) (Array.map snd rows) [| 0 .. rows.Length - 1 |]

/// The definition: every pair of an event and another row.
let private pairs (rows: JudgedRows) (weights: int[]) =
    let mutable ordered, all = 0., 0.

    for i in 0 .. rows.Outcomes.Length - 1 do
        for j in 0 .. rows.Outcomes.Length - 1 do
            if rows.Outcomes[i] > 0.5 && rows.Outcomes[j] < 0.5 then
                let weight = float (weights[rows.Patients[i]] * weights[rows.Patients[j]])
                all <- all + weight

                ordered <-
                    ordered
                    + weight
                      * (if rows.Probabilities[i] > rows.Probabilities[j] then 1.
                         elif rows.Probabilities[i] = rows.Probabilities[j] then 0.5
                         else 0.)

    ordered / all

let private two seed =
    match
        ClusteredRisks.draw seed 300 2 1. [ ClusteredRisks.right; { ClusteredRisks.right with Noise = 1. } ]
    with
    | [ first; second ] -> first, second
    | _ -> failtest "two"

[<Tests>]
let tests =
    testList "auroc interval" [
        testCase "DeLong's interval of the published ratings"
        <| fun () ->
            // As Stata's manual has it for these data: 0.8932, standard error 0.0307, 0.83295 to 0.95339.
            let found = DeLong.auroc images
            Expect.isLessThan (abs (found.Value - 0.8932)) 5e-5 "area"
            Expect.isLessThan (abs (found.Low - 0.83295)) 5e-5 "low"
            Expect.isLessThan (abs (found.High - 0.95339)) 5e-5 "high"

        testProperty "of weighted patients is that of all pairs, and without weights that of the metric"
        <| fun (seed: int) ->
            let rows =
                ClusteredRisks.draw (abs (seed % 1000)) 12 3 1. [ ClusteredRisks.right ]
                |> List.exactlyOne
                // With ties.
                |> fun rows -> {
                    rows with
                        Probabilities = rows.Probabilities |> Array.map (fun p -> Math.Round(p, 1))
                }

            let events = JudgedRows.events rows

            if events > 0 && events < rows.Outcomes.Length then
                let ranked = RankedRows.ofRows rows
                let weights = Array.init 12 (fun patient -> patient % 4)
                let found = RankedRows.auroc weights ranked
                let expected = pairs rows weights

                if not (Double.IsNaN expected) then
                    close expected found "weighted"

                let ones = Array.create 12 1

                close
                    (Auroc.Compute(
                        ReadOnlySpan(Array.map float32 rows.Outcomes),
                        ReadOnlySpan(Array.map float32 rows.Probabilities)
                    ))
                    (RankedRows.auroc ones ranked)
                    "the metric"

                close (RankedRows.auroc ones ranked) (DeLong.auroc rows).Value "DeLong"

        testCase "DeLong and the clustered bootstrap agree on an area and on a difference"
        <| fun () ->
            let first, second = two 7
            let width (measured: Measured) = measured.High - measured.Low
            let area = PatientBootstrap.auroc 2000 (Seed 1UL) first
            let known = DeLong.auroc first
            close known.Value area.Value "area"
            Expect.isLessThan (abs (width area / width known - 1.)) 0.1 "width"

            let a, b = RankedRows.ofRows first, RankedRows.ofRows second

            let difference =
                PatientBootstrap.values 2000 (Seed 1UL) first.PatientCount (fun weights ->
                    RankedRows.auroc weights a - RankedRows.auroc weights b)
                |> PatientBootstrap.interval 0.

            Expect.isLessThan
                (abs (width difference / width (DeLong.difference first second) - 1.))
                0.1
                "width of the difference"

        testCase "rows of one patient are not independent"
        <| fun () ->
            let rows, _ = two 8
            let width (measured: Measured) = measured.High - measured.Low
            let twice (values: 'a[]) = Array.append values values

            let doubled =
                JudgedRows.create (twice rows.Probabilities) (twice rows.Outcomes) (twice rows.Patients)

            let apart =
                JudgedRows.create doubled.Probabilities doubled.Outcomes [|
                    0 .. doubled.Outcomes.Length - 1
                |]

            Expect.isLessThan
                (width (DeLong.auroc apart))
                (0.8 * width (DeLong.auroc doubled))
                "as if copies were patients of their own"

            Expect.floatClose
                { absolute = 1e-9; relative = 1e-3 }
                (width (DeLong.auroc doubled))
                (width (DeLong.auroc rows))
                "DeLong"

            Expect.equal
                (PatientBootstrap.auroc 200 (Seed 2UL) doubled)
                (PatientBootstrap.auroc 200 (Seed 2UL) rows)
                "copies of rows tell nothing new"

        testCase "a resample draws as many patients as there are, and the same for the same seed"
        <| fun () ->
            let sums count =
                PatientBootstrap.values 120 (Seed 3UL) 7 (Array.sum >> float >> (+) (float count))

            Expect.allEqual (sums 0) 7. "patients"

            let first (weights: int[]) = float weights[0]
            let drawn = PatientBootstrap.values 2000 (Seed 4UL) 7 first
            Expect.equal drawn (PatientBootstrap.values 2000 (Seed 4UL) 7 first) "same seed"
            Expect.notEqual drawn (PatientBootstrap.values 2000 (Seed 5UL) 7 first) "other seed"
            Expect.isLessThan (abs (Array.average drawn - 1.)) 0.1 "each is drawn once on average"
            Expect.isGreaterThan (drawn |> Array.distinct |> Array.length) 3 "and not always once"

        testCase "a mean of differences over replicates is theirs, whoever is in several"
        <| fun () ->
            let first, second = two 9
            let patients = Array.append first.Patients first.Patients

            let pooled =
                JudgedRows.create
                    (Array.append first.Probabilities first.Probabilities)
                    (Array.append first.Outcomes first.Outcomes)
                    patients

            let once = DeLong.difference first second
            let twice = DeLong.meanDifference [ first, second; first, second ] pooled
            close once.Value twice.Value "value"
            close once.Low twice.Low "the same patients again tell nothing new"

        testCase "one outcome class has no area"
        <| fun () ->
            let rows = JudgedRows.create [| 0.1; 0.2 |] [| 0.; 0. |] [| 1; 2 |]
            Expect.isFalse (Measured.isDefined (DeLong.auroc rows)) "undefined"
    ]
