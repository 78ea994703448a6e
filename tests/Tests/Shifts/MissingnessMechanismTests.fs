module CausalDebiasing.Tests.Shifts.MissingnessMechanismTests

open Expecto
open CausalDebiasing.Bench.Shifts
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime

let private drivers n = {
    Latent = Array.create n 0.8
    Projections = [||]
    Confounder = Array.create n -1.
    Outcome = Array.create n 1.
}

let private mechanism = {
    MissingnessMechanism.mcar 3 with
        Intercepts = [| 0.5; 1.; 0.2 |]
        LatentSlopes = [| [| 1. |]; [| -0.5 |]; [| 0. |] |]
        ConfounderSlopes = [| 0.3; 0.; -0.4 |]
        OutcomeSlopes = [| 0.; 0.7; -0.2 |]
}

[<Tests>]
let tests =
    testList "Shifts.mechanism" [
        testProperty "pattern probabilities sum to one, with and without ties"
        <| fun (a: int8) (b: int8) (c: int8) ->
            let logits = [| float a / 30.; float b / 30.; float c / 30.; float a / 30. |]

            let total =
                seq { 1..15 } |> Seq.sumBy (MissingnessMechanism.patternProbability logits 0 4)

            abs (total - 1.) < 1e-12

        testCase "logits are the linear form of the drivers"
        <| fun () ->
            let expected = [| 0.5 + 0.8 - 0.3; 1. - 0.4 + 0.7; 0.2 + 0.4 - 0.2 |]

            Array.iter2
                (fun e a -> Expect.floatClose Accuracy.high a e "logit")
                expected
                (MissingnessMechanism.logits mechanism (drivers 1))

        testCase "masks are drawn with the stated probabilities, empty rows included"
        <| fun () ->
            let n = 100_000
            let drivers = drivers n

            let rate =
                let p = MissingnessMechanism.probabilities mechanism drivers

                seq { 1..7 }
                |> Seq.sumBy (fun pattern ->
                    p (Array.create n pattern)
                    |> Array.head
                    |> (*) (float (3 - System.Numerics.BitOperations.PopCount(uint32 pattern)) / 3.))

            let mask = MissingnessRate.hide rate mechanism drivers (Seed 1UL)

            let observed =
                Array.init n (fun i -> MissingnessPattern.Of(System.ReadOnlySpan mask, i, 3))
                |> Array.countBy id
                |> Map.ofArray

            Expect.isFalse (observed.ContainsKey 0) "no row is empty"
            let logits = MissingnessMechanism.logits mechanism drivers

            for pattern in 1..7 do
                Expect.isLessThan
                    (abs (
                        float observed[pattern] / float n
                        - MissingnessMechanism.patternProbability logits 0 3 pattern
                    ))
                    0.006
                    $"pattern {pattern}"

        testCase "reversing negates every slope and keeps the intercepts"
        <| fun () ->
            let sum =
                Array.map2
                    (+)
                    (MissingnessMechanism.logits mechanism (drivers 1))
                    (MissingnessMechanism.logits (MissingnessMechanism.reverse mechanism) (drivers 1))

            Array.iter2 (fun s b -> Expect.floatClose Accuracy.high s (2. * b) "sum") sum mechanism.Intercepts

        testCase "only mechanisms with slopes are informative"
        <| fun () ->
            Expect.isFalse (MissingnessMechanism.isInformative (MissingnessMechanism.mcar 4)) "MCAR"
            Expect.isTrue (MissingnessMechanism.isInformative mechanism) "slopes"
    ]
