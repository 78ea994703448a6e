module CausalDebiasing.Tests.Measures.DecisionTests

open Expecto
open FsCheck
open CausalDebiasing.Bench.Measures
open CausalDebiasing.Tests.Support

let private close (expected: float) (actual: float) what =
    Expect.floatClose Accuracy.high actual expected what

/// Rows, an event each so often, with a class: so many true and false positives and negatives.
let private classes truePositives falseNegatives falsePositives trueNegatives =
    let rows = [|
        for count, probability, outcome in
            [
                truePositives, 0.9, 1.
                falseNegatives, 0.1, 1.
                falsePositives, 0.9, 0.
                trueNegatives, 0.1, 0.
            ] do
            for _ in 1..count do
                probability, outcome
    |]

    JudgedRows.create (Array.map fst rows) (Array.map snd rows) [| 0 .. rows.Length - 1 |]

[<Tests>]
let tests =
    testList "decisions" [
        testCase "net benefit is true positives less the odds of the threshold for each false one"
        <| fun () ->
            let found = NetBenefit.at 0.2 (classes 30 10 40 120)
            close (30. / 200. - 40. / 200. * 0.25) found.Model.Value "model"
            close (40. / 200. - 160. / 200. * 0.25) found.TreatAll "treat all"

        testCase
            "treating all is worth nothing at the share of events, and no model is worth more than that share"
        <| fun () ->
            let rows =
                ClusteredRisks.draw 3 500 2 1. [ ClusteredRisks.right ] |> List.exactlyOne

            let share = Array.average rows.Outcomes
            close 0. (1. + (NetBenefit.at share rows).TreatAll - 1.) "treat all"

            for threshold in NetBenefit.thresholds do
                Expect.isLessThanOrEqual (NetBenefit.at threshold rows).Model.Value share $"at {threshold}"

            let perfect = {
                rows with
                    Probabilities = rows.Outcomes
            }

            close share (NetBenefit.at 0.5 perfect).Model.Value "a perfect model"

        testCase "a difference is the difference, and surer than both where models agree"
        <| fun () ->
            let kinds = [
                {
                    ClusteredRisks.right with
                        Noise = 0.1
                }
                {
                    ClusteredRisks.right with
                        Noise = 0.3
                }
            ]

            match ClusteredRisks.draw 4 2000 1 1. kinds with
            | [ first; second ] ->
                let difference = NetBenefit.difference 0.3 first second
                let a, b = (NetBenefit.at 0.3 first).Model, (NetBenefit.at 0.3 second).Model
                close (a.Value - b.Value) difference.Value "value"
                Expect.isLessThan (difference.High - difference.Low) (a.High - a.Low) "width"
            | _ -> failtest "two"

        testCase "the score interval is that of Newcombe's examples"
        <| fun () ->
            // Newcombe, Statistics in Medicine 17, 1998, table I, method 3.
            for events, rows, low, high in
                [
                    81, 263, 0.2553, 0.3662
                    15, 148, 0.0624, 0.1605
                    0, 20, 0., 0.1611
                    1, 29, 0.0061, 0.1718
                ] do
                let found = (Classification.at 0.5 (classes events (rows - events) 0 0)).Sensitivity
                close (float events / float rows) found.Value "share"
                Expect.isLessThan (abs (found.Low - low)) 0.001 $"low of {events} of {rows}"
                Expect.isLessThan (abs (found.High - high)) 0.004 $"high of {events} of {rows}"

        testCase "sensitivity, specificity and predictive value of a table"
        <| fun () ->
            let found = Classification.at 0.5 (classes 30 10 40 120)
            close 0.75 found.Sensitivity.Value "sensitivity"
            close 0.75 found.Specificity.Value "specificity"
            close (30. / 70.) found.PositivePredictiveValue.Value "predictive value"

            Expect.isFalse
                (Measured.isDefined (Classification.at 0.95 (classes 3 1 4 2)).PositivePredictiveValue)
                "nobody"

        testCase "sample sizes are those of the published example"
        <| fun () ->
            // Riley and others, Statistics in Medicine 38, 2019: R2 0.288, 24 parameters, 17.4 % events.
            let size = SampleSize.needed 24 0.288 0.174
            Expect.equal (size.Shrinkage, size.Optimism, size.OverallRisk) (623, 662, 221) "rows"
            Expect.equal (SampleSize.rows size) 662 "the largest"

        testProperty "as many parameters as rows can carry need no more rows, and one more does"
        <| fun (PositiveInt rows) (NonNegativeInt share) ->
            let share = 0.02 + 0.9 * float (share % 100) / 100.
            let r2 = SampleSize.expectedR2 share
            let carried = SampleSize.carried rows r2 share

            let needed parameters =
                let size = SampleSize.needed parameters r2 share
                max size.Shrinkage size.Optimism

            (carried = 0 || needed carried <= rows) && needed (carried + 1) > rows

        testCase "small groups are not shown, and gaps are between those that are"
        <| fun () ->
            let rows =
                ClusteredRisks.draw 5 1000 1 1. [ ClusteredRisks.right ] |> List.exactlyOne

            let names =
                Array.init 1000 (fun row ->
                    if row < 600 then "north"
                    elif row < 990 then "south"
                    else "small")

            let found = Subgroups.ofNames 0.3 "site" names rows
            Expect.equal (found.Groups |> List.map _.Name) [ "north"; "south" ] "shown, largest first"
            Expect.equal found.Suppressed 1 "suppressed"

            let aurocs = found.Groups |> List.map _.Auroc.Value
            close (List.max aurocs - List.min aurocs) found.WorstAurocGap "gap"

            let own = JudgedRows.select [| 0..599 |] rows
            Expect.equal found.Groups.Head.Auroc (DeLong.auroc own) "of its own rows"

            let together = Subgroups.ofNames 0.3 "site" (Array.create 1000 "all") rows
            Expect.isTrue (System.Double.IsNaN together.WorstAurocGap) "no gap of one"
    ]
