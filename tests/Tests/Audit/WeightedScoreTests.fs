module CausalDebiasing.Tests.Audit.WeightedScoreTests

open System
open CausalDebiasing.Bench.Audit
open CausalDebiasing.Bench.Measures
open CausalDebiasing.Metrics
open CausalDebiasing.Runtime
open Expecto

let private close message (actual: float) (expected: float) =
    Expect.floatClose Accuracy.medium actual expected message

let private probabilities = [| 0.2f; 0.9f; 0.5f; 0.5f; 0.7f; 0.1f; 0.7f |]
let private labels = [| 0f; 1f; 1f; 0f; 0f; 1f; 1f |]
let private isEvent = labels |> Array.map (fun label -> label > 0f)
let private counts = [| 2; 1; 3; 0; 1; 2; 1 |]

let private repeated (values: float32[]) =
    Array.zip counts values
    |> Array.collect (fun (count, value) -> Array.replicate count value)

[<Tests>]
let tests =
    testList "Audit.weighted score" [
        test "whole weights are repetitions, ties included" {
            let ranked = Ranked.ofProbabilities isEvent probabilities
            let weights = counts |> Array.map float
            let expanded, expected = repeated probabilities, repeated labels

            close
                "AUROC"
                (WeightedScore.auroc ranked weights)
                (Auroc.Compute(ReadOnlySpan expected, ReadOnlySpan expanded))

            close
                "log loss"
                (WeightedScore.logLoss ranked weights)
                (LogLoss.Compute(ReadOnlySpan expected, ReadOnlySpan expanded))
        }

        test "a bootstrap draws patients with all their rows, as many as there are" {
            let patients = [| 7L; 7L; 8L; 9L; 9L; 9L |]

            for counts in PatientBootstrap.ofRows 50 (Seed 3UL) patients do
                Expect.equal (counts[0], counts[3]) (counts[1], counts[5]) "rows of a patient"
                Expect.equal (counts[0] + counts[2] + counts[3]) 3. "three draws of three patients"

            let means =
                PatientBootstrap.ofRows 2000 (Seed 4UL) patients
                |> Array.averageBy (fun counts -> counts[2])

            Expect.floatClose { absolute = 0.1; relative = 0. } means 1. "each once on average"
        }

        test "the interval over patients is that of Hanley and McNeil, about" {
            // 200 events and 400 others, normal scores one standard deviation apart: their formula gives 0.0205 at 0.76.
            let random = Random 5
            let isEvent = Array.init 600 (fun i -> i % 3 = 0)

            let normal () =
                MathNet.Numerics.Distributions.Normal.Sample(random, 0., 1.)

            let ranked =
                isEvent
                |> Array.map (fun isEvent -> normal () + (if isEvent then 1. else 0.))
                |> Ranked.ofLogits isEvent

            let estimate =
                WeightedScore.aurocOver (PatientBootstrap.ofRows 400 (Seed 6UL) (Array.init 600 int64)) ranked

            Expect.isTrue (estimate.Low < 0.76 && 0.76 < estimate.High) "the truth is inside"

            let se = (estimate.High - estimate.Low) / 2. / 1.96
            Expect.isTrue (abs (se - 0.0205) < 0.004) $"standard error {se}"
        }
    ]
