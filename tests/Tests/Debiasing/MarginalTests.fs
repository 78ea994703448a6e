module CausalDebiasing.Tests.Debiasing.MarginalTests

open CausalDebiasing.Debiasing
open CausalDebiasing.Tests.Support.Gradients
open Expecto
open FsCheck
open TorchSharp
open CausalDebiasing.Networks

let private patterns (seed: int) =
    let logits, labels, random = rows seed -6.0 6.0
    let n, r = logits.Length, 1 + random.Next 5
    let raw = Array.init r (fun _ -> 0.1 + random.NextDouble())

    n,
    r,
    Array.init (n * r) (fun _ -> 12.0 * random.NextDouble() - 6.0),
    Array.map (fun p -> p / Array.sum raw) raw,
    labels

let private mean r (prior: float[]) (f: float -> float) (logits: float[]) =
    logits
    |> Array.chunkBySize r
    |> Array.map (fun row -> Array.map2 (fun p x -> p * f x) prior row |> Array.sum)

[<Tests>]
let tests =
    testSequenced
    <| testList "Marginals over patterns" [
        testProperty "values and gradients" (fun (NonNegativeInt seed) ->
            let n, r, logits, prior, labels = patterns seed
            let p, y = tensor [ r ] prior, tensor [ n ] labels
            let exact x = mean r prior sigmoid x

            let loss x =
                Array.map2 (fun p y -> -(log (ofClass y p))) (exact x) labels |> Array.sum

            check [ n; r ] logits (fun x -> Losses.ExactMarginal(x, p)) (exact >> Array.sum)

            check
                [ n; r ]
                logits
                (fun x -> Losses.MarginalBinaryCrossEntropy(Losses.ExactMarginal(x, p), y))
                loss)
        test "beyond the clamp a row costs as much and has no gradient" {
            let zero = torch.zeros 1L
            let prior = torch.tensor [| 0.25f; 0.75f |]

            let clamped (x: torch.Tensor) =
                Losses.MarginalBinaryCrossEntropy(
                    Losses.ExactMarginal(torch.stack ([| x; x + 1f |], 1L), prior),
                    zero
                )

            let value, gradient = float32Gradient clamped 50.0
            near value -(log Losses.SmallestProbability) "clamped"
            Expect.equal gradient 0.0 "clamped"
        }
    ]
