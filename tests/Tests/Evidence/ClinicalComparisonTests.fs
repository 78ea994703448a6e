module CausalDebiasing.Tests.Evidence.ClinicalComparisonTests

open System
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Tests.Support
open Expecto
open CausalDebiasing.Predictors

let private data name seed = {
    SyntheticResults.physionet seed with
        Dataset = name
}

/// Plain and recommended, with 25 rows for testing and 100 for training.
let private pair name baseline seed condition plain recommended =
    [ Variant.plain, plain; Variant.recommended, recommended ]
    |> List.map (fun (variant, auroc) ->
        let measure = {
            SyntheticResults.measure condition auroc with
                TestRows = 25
        }

        "clinical",
        {
            SyntheticResults.result (data name seed) baseline variant [
                measure
                if condition.StartsWith "site:" then
                    SyntheticResults.measure "id" 0.5
            ] with
                TrainRows = 100
        })

let private compare results =
    results |> List.concat |> Observation.ofResults |> ClinicalComparison.all

let private close message expected (actual: float) =
    Expect.floatClose Accuracy.medium actual expected message

[<Tests>]
let tests =
    testList "clinical comparison" [
        test "folds are replicates with the corrected interval, and incomplete baselines are not in the mean" {
            let fold = pair "heart-uci@folds:2"

            let comparison =
                compare [
                    for seed, gain in List.zip [ 1..4 ] [ 0.02; 0.01; 0.03; 0. ] do
                        fold "mt" seed "id" 0.8 (0.8 + gain)

                        if seed < 3 then
                            fold "muse" seed "id" 0.9 0.7

                    fold "grape" 1 "id" 0.6 0.7
                ]
                |> List.exactlyOne

            Expect.equal comparison.Replication (CrossValidation 2) "replicates"
            Expect.equal (comparison.Rows |> List.map _.Baseline) [ "muse"; "mt"; "grape" ] "best plain first"
            let row = comparison.Rows[1]
            let half = 3.1824463 * sqrt (0.0005 / 3. * 0.5)
            close "plain" 0.8 row.Plain
            close "recommended" 0.815 row.Recommended
            close "difference" 0.015 row.Difference.Mean
            close "low" (0.015 - half) row.Difference.Low

            // Of three baselines two have a test; muse, without spread, has p = 0.
            close "Holm" (Statistics.resampledTTest 0.25 0. [ 0.02; 0.01; 0.03; 0. ]) row.PHolm
            Expect.isTrue (Double.IsNaN comparison.Rows[2].PHolm) "one fold has no test"
            Expect.isTrue (Double.IsNaN comparison.Rows[2].Difference.Low) "and no interval"

            Expect.equal comparison.Baselines 1 "one baseline has all folds"
            close "overall" 0.015 comparison.Overall.Difference.Mean
        }

        test "the mean over baselines takes folds as replicates" {
            let split = pair "physionet2012"

            let comparison =
                compare [
                    split "mt" 1 "id" 0.80 0.82
                    split "mt" 2 "id" 0.80 0.84
                    split "muse" 1 "id" 0.70 0.70
                    split "muse" 2 "id" 0.70 0.74
                ]
                |> List.exactlyOne

            // Means by split 0.01 and 0.04: sd 0.03 / sqrt 2, standard error sd sqrt(1/2 + 1/4), t(1) = 12.7062.
            Expect.equal comparison.Replication RandomSplits "replicates"
            Expect.equal comparison.Baselines 2 "baselines"
            close "plain" 0.75 comparison.Overall.Plain
            close "mean" 0.025 comparison.Overall.Difference.Mean
            close "high" (0.025 + 12.7062047 * 0.03 / sqrt 2. * sqrt 0.75) comparison.Overall.Difference.High
        }

        test "sites left out in turn are replicates, their seeds are not" {
            let site name = pair $"physionet2012@site:{name}" "mt"

            let comparison =
                compare [
                    site "MICU" 1 "site:MICU" 0.7 0.71
                    site "CCU" 1 "site:CCU" 0.8 0.82
                    site "CCU" 2 "site:CCU" 0.8 0.84
                ]
                |> List.exactlyOne

            Expect.equal comparison.Data.Dataset "physionet2012" "without the site"
            Expect.equal comparison.Condition "site left out" "only the tests on the site"
            Expect.equal comparison.Replication (SitesInTurn [ "CCU"; "MICU" ]) "sites"
            close "plain" 0.75 comparison.Overall.Plain
            Expect.equal (comparison.BySite |> List.map fst) [ "CCU"; "MICU" ] "by site"
            close "CCU" 0.03 (snd comparison.BySite[0])
            close "mean" 0.02 comparison.Overall.Difference.Mean

            // sd 0.02 / sqrt 2, over sqrt 2 sites.
            close "low" (0.02 - 12.7062047 * 0.01) comparison.Overall.Difference.Low
        }

        test "one test set has a mean over seeds and no interval" {
            let later = pair "eicu-demo@time" "mt"

            let comparison =
                compare [ later 1 "later" 0.7 0.72; later 2 "later" 0.7 0.74 ]
                |> List.exactlyOne

            Expect.equal comparison.Replication OneTestSet "replicates"
            close "mean" 0.03 comparison.Overall.Difference.Mean
            Expect.isTrue (Double.IsNaN comparison.Overall.Difference.Low) "no interval"
            Expect.isTrue (Double.IsNaN comparison.Rows[0].PHolm) "no test"
        }

        test "worlds, injected biases, searched settings and lone variants have no part" {
            let change (edit: CellResult -> CellResult) =
                pair "physionet2012" "mt" 1 "id" 0.7 0.8
                |> List.map (fun (experiment, result) -> experiment, edit result)

            let edited edit =
                change (fun result -> { result with Cell = edit result.Cell })

            let onData edit =
                edited (fun cell -> { cell with Data = edit cell.Data })

            Expect.isEmpty
                (compare [
                    onData (fun data -> { data with Dataset = "acquisition" })
                    onData (fun data -> { data with Confounding = 0.7 })
                    edited (fun cell -> {
                        cell with
                            Hyperparameters = Map [ "lr", 0.1 ]
                    })
                    List.take 1 (change id)
                ])
                "none"

            // A cell of two experiments counts once.
            let twice = compare [ change id; change id ] |> List.exactlyOne
            Expect.equal twice.Overall.Difference.Count 1 "once"
        }
    ]
