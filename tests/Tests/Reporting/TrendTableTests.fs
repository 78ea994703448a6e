module CausalDebiasing.Tests.Reporting.TrendTableTests

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Reporting
open CausalDebiasing.Tests.Support
open Expecto

/// A gain of 0.1 for one baseline and none for the other, at every level and with every seed.
let private run isLeftOut = [
    for kappa in [ 0.; 0.5; 1. ] do
        for seed in 1..3 do
            for baseline, gain in [ "mt", 0.1; "muse", 0. ] do
                for variant, auroc in [ Variant.plain, 0.7; Variant.recommended, 0.7 + gain ] do
                    if not (isLeftOut baseline kappa seed) then
                        "one",
                        SyntheticResults.cell
                            (SyntheticResults.world "acquisition" kappa 0. seed)
                            baseline
                            variant
                            "do"
                            auroc
]

[<Tests>]
let tests =
    testList "TrendTable" [
        test "a baseline that is not at every level makes no trend of the mean" {
            for name, isLeftOut in
                [
                    "failed at a level", (fun baseline kappa _ -> baseline = "muse" && kappa = 1.)
                    "lacks a seed at a level",
                    (fun baseline kappa seed -> baseline = "muse" && kappa = 1. && seed = 3)
                ] do
                let mean =
                    TrendTable.rows (Observation.ofResults (run isLeftOut))
                    |> List.find (fun row -> row.Baseline = "" && row.Axis = Axis.confounding.Label)

                Expect.isLessThan (abs mean.Trend.Slope.Mean) 1e-9 name
                Expect.equal mean.Trend.P 1. name
                Expect.equal (mean.Trend.Levels, mean.Trend.Seeds) (3, 3) name
        }
    ]
