module CausalDebiasing.Tests.Measures.CalibrationTests

open System
open Expecto
open CausalDebiasing.Bench.Measures
open CausalDebiasing.Tests.Support
open MathNet.Numerics

let private one kind =
    ClusteredRisks.draw 1 3000 1 1. [ kind ] |> List.exactlyOne

let private close (expected: float) (actual: float) what =
    Expect.floatClose { absolute = 1e-6; relative = 1e-6 } actual expected what

[<Tests>]
let tests =
    testList "calibration" [
        testCase "right risks are found right"
        <| fun () ->
            let found = Calibration.ofRows (one ClusteredRisks.right)

            for name, measured, right in
                [
                    "O/E", found.ObservedExpected, 1.
                    "intercept", found.Intercept, 0.
                    "slope", found.Slope, 1.
                ] do
                Expect.isLessThan measured.Low right $"{name} from below"
                Expect.isGreaterThan measured.High right $"{name} from above"
                Expect.isLessThan (measured.High - measured.Low) 0.5 $"{name} is known well"

        testCase "a logit that is stretched and moved has the slope that undoes it"
        <| fun () ->
            let rows = one ClusteredRisks.right

            for stretch, move in [ 2., 0.; 0.5, 1.; 1.5, -2. ] do
                let changed = {
                    rows with
                        Probabilities =
                            rows.Probabilities
                            |> Array.map (fun p ->
                                SpecialFunctions.Logistic(move + stretch * SpecialFunctions.Logit p))
                }

                let before, after = Calibration.ofRows rows, Calibration.ofRows changed
                close (before.Slope.Value / stretch) after.Slope.Value "slope"
                close (before.Slope.Low / stretch) after.Slope.Low "its interval"

        testCase "a moved logit moves the intercept alone"
        <| fun () ->
            let rows = one ClusteredRisks.right

            let moved = {
                rows with
                    Probabilities =
                        rows.Probabilities
                        |> Array.map (fun p -> SpecialFunctions.Logistic(0.8 + SpecialFunctions.Logit p))
            }

            let before, after = Calibration.ofRows rows, Calibration.ofRows moved
            close (before.Intercept.Value - 0.8) after.Intercept.Value "intercept"
            close before.Slope.Value after.Slope.Value "slope"

        testCase "observed over expected is what it says"
        <| fun () ->
            let rows =
                JudgedRows.create [| 0.1; 0.2; 0.3; 0.4 |] [| 0.; 1.; 0.; 1. |] [| 1; 2; 3; 4 |]

            close 2. (Calibration.ofRows rows).ObservedExpected.Value "two of one"

        testCase "copies of a patient's rows tell nothing new"
        <| fun () ->
            let rows = one { ClusteredRisks.right with Slope = 2. }
            let twice (values: 'a[]) = Array.append values values

            let doubled =
                JudgedRows.create (twice rows.Probabilities) (twice rows.Outcomes) (twice rows.Patients)

            let single, double = Calibration.ofRows rows, Calibration.ofRows doubled
            close single.Slope.Low double.Slope.Low "slope"
            close single.Intercept.High double.Intercept.High "intercept"
            close single.ObservedExpected.Low double.ObservedExpected.Low "O/E"

        testCase "there is no estimate without one outcome, without spread, or where the logit separates"
        <| fun () ->
            let slope probabilities outcomes =
                (Calibration.ofRows (JudgedRows.create probabilities outcomes [| 1; 2; 3; 4 |])).Slope

            for name, found in
                [
                    "no event", slope [| 0.1; 0.2; 0.3; 0.4 |] [| 0.; 0.; 0.; 0. |]
                    "no spread", slope [| 0.5; 0.5; 0.5; 0.5 |] [| 0.; 1.; 0.; 1. |]
                    "separated", slope [| 0.1; 0.2; 0.8; 0.9 |] [| 0.; 0.; 1.; 1. |]
                ] do
                Expect.isFalse (Measured.isDefined found) name

        testCase "the smooth curve follows the truth, with its band around it"
        <| fun () ->
            let kind = {
                ClusteredRisks.right with
                    Slope = 2.
                    Intercept = 0.5
            }

            let rows = ClusteredRisks.draw 2 20000 1 1. [ kind ] |> List.exactlyOne
            let curve = (CalibrationCurve.tryOf rows).Value

            for point in curve.Points do
                // The logit was doubled and moved.
                let truth =
                    SpecialFunctions.Logistic((SpecialFunctions.Logit point.Predicted - 0.5) / 2.)

                Expect.isLessThan (abs (point.Observed.Value - truth)) 0.04 $"at {point.Predicted}"
                Expect.isLessThan point.Observed.Low point.Observed.Value "band below"
                Expect.isGreaterThan point.Observed.High point.Observed.Value "band above"

            let distance =
                rows.Probabilities
                |> Array.averageBy (fun p ->
                    abs (SpecialFunctions.Logistic((SpecialFunctions.Logit p - 0.5) / 2.) - p))

            Expect.isLessThan (abs (curve.MeanDistance - distance)) 0.01 "mean distance"

        testCase "two predicted values make a curve of two ends, one makes none"
        <| fun () ->
            let rows (values: float[]) =
                let probabilities = Array.init 200 (fun i -> values[i % values.Length])
                let outcomes = Array.init 200 (fun i -> if i % 5 < 2 then 1. else 0.)
                JudgedRows.create probabilities outcomes [| 0..199 |]

            Expect.isSome (CalibrationCurve.tryOf (rows [| 0.2; 0.6 |])) "two"
            Expect.isNone (CalibrationCurve.tryOf (rows [| 0.3 |])) "one"
    ]
