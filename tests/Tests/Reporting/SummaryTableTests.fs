module CausalDebiasing.Tests.Reporting.SummaryTableTests

open System
open System.IO
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Reporting
open CausalDebiasing.Tests.Support
open Deedle
open Expecto

/// Gains of two baselines over three seeds.
let private results = [
    for seed, mt, muse in [ 1, 0.02, 0.05; 2, 0.03, -0.01; 3, 0.04, 0.02 ] do
        let data = SyntheticResults.world "acquisition" 0.7 0. seed

        for baseline, gain in [ "mt", mt; "muse", muse ] do
            "e", SyntheticResults.cell data baseline Variant.plain "do" 0.7
            "e", SyntheticResults.cell data baseline Variant.recommended "do" (0.7 + gain)
            "e", SyntheticResults.cell data baseline Variant.ceiling "do" 0.75
]

let private rows = SummaryTable.rows (Observation.ofResults results)

let private find baseline variant =
    rows
    |> List.find (fun row -> row.Setting.Baseline = baseline && row.Variant = variant)

[<Tests>]
let tests =
    testList "SummaryTable" [
        test "one row per baseline and variant" { Expect.hasLength rows 6 "rows" }

        test "gain, gap, wins and Holm over the baselines" {
            let mt, muse = find "mt" Variant.recommended, find "muse" Variant.recommended
            Expect.floatClose Accuracy.high mt.Gain.Mean 0.03 "gain"
            Expect.floatClose Accuracy.high mt.GapClosed 0.6 "gap closed"
            Expect.equal (muse.Wins, muse.Ties, muse.Losses) (2, 0, 1) "wins, ties, losses"
            Expect.floatClose Accuracy.high mt.PHolm (2. * mt.P) "the smaller of two"
            Expect.floatClose Accuracy.high muse.PHolm (max muse.P (2. * mt.P)) "the larger of two"
        }

        test "the recommended variant's gap is towards the ceiling with its augmentation, where that ran" {
            let results =
                results
                @ [
                    for seed in 1..3 do
                        let data = SyntheticResults.world "acquisition" 0.7 0. seed
                        "e", SyntheticResults.cell data "mt" Variant.paper "do" 0.72
                        "e", SyntheticResults.cell data "mt" Variant.ceilingAugmented "do" 0.76
                ]

            let observations = Observation.ofResults results

            let gap baseline variant =
                (SummaryTable.rows observations
                 |> List.find (fun row -> row.Setting.Baseline = baseline && row.Variant = variant))
                    .GapClosed

            Expect.floatClose Accuracy.high (gap "mt" Variant.recommended) 0.5 "with augmentation"
            Expect.floatClose Accuracy.high (gap "mt" Variant.paper) 0.4 "others without"
            Expect.floatClose Accuracy.high (gap "muse" Variant.recommended) 0.4 "where it did not run"

            let variants, baselines =
                Slice.comparable [ Variant.plain; Variant.ceiling; Variant.ceilingAugmented ] observations

            Expect.equal variants [ Variant.plain; Variant.ceiling ] "left out, as one baseline lacks it"
            Expect.equal baselines [ "mt"; "muse" ] "no baseline is lost"
        }

        test "the plain model is not compared with itself" {
            let plain = find "mt" Variant.plain
            Expect.equal (plain.Gain.Count, plain.Wins + plain.Ties + plain.Losses) (0, 0) "no comparison"
            Expect.isTrue (Double.IsNaN plain.GapClosed) "no gap"
        }

        test "the file reads back with the numbers of the frame" {
            let path = Path.Combine(Path.GetTempPath(), $"summary-{Guid.NewGuid():N}.csv")

            SummaryTable.write path rows
            let frame = Frame.ReadCsv path
            File.Delete path
            Expect.equal frame.RowCount rows.Length "rows"

            let gains =
                frame.GetColumn<float>("diff_vs_plain") |> Series.observations |> List.ofSeq

            Expect.hasLength gains 4 "plain has none"

            for index, gain in gains do
                Expect.equal gain rows[index].Gain.Mean "to the last digit"
        }
    ]
