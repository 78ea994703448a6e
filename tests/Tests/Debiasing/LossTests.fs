module CausalDebiasing.Tests.Debiasing.LossTests

open CausalDebiasing.Debiasing
open CausalDebiasing.Tests.Support.Gradients
open Expecto
open FsCheck
open TorchSharp
open CausalDebiasing.Networks

let private perRow name (loss: torch.Tensor -> torch.Tensor -> torch.Tensor) formula =
    testProperty name (fun (NonNegativeInt seed) ->
        let logits, labels, _ = rows seed -6.0 6.0

        check [ logits.Length ] logits (fun x -> loss x (tensor [ labels.Length ] labels)) (fun x ->
            Array.map2 formula x labels |> Array.sum))

let private divergence p q =
    let relative a b =
        a * log (a / b) + (1.0 - a) * log ((1.0 - a) / (1.0 - b))

    let middle = (p + q) / 2.0
    (relative p middle + relative q middle) / 2.0

[<Tests>]
let tests =
    testSequenced
    <| testList "Losses" [
        perRow "cross-entropy" (fun x y -> Losses.BinaryCrossEntropy(x, y)) (fun x y ->
            -(log (ofClass y (sigmoid x))))
        perRow "KL from uniform" (fun x _ -> Losses.UniformKl x) (fun x _ ->
            0.5 * log (0.5 / sigmoid x) + 0.5 * log (0.5 / sigmoid -x))
        testProperty
            "the released form has q times the gradient of generalised cross-entropy"
            (fun (NonNegativeInt seed) ->
                let logits, labels, _ = rows seed -6.0 6.0
                use _ = torch.NewDisposeScope()
                let y = tensor [ labels.Length ] labels
                let x = (tensor [ logits.Length ] logits).requires_grad_()
                let value = Losses.AmplifiedCrossEntropy(x, y, 0.7).sum()
                value.backward ()
                let p = Array.map2 (fun x y -> ofClass y (sigmoid x)) logits labels

                // d/dx (1 - p^q) / q = -p^(q - 1) dp/dx, and dp/dx = +-p (1 - p).
                agree
                    ((nonNull x.grad).data<double>().ToArray())
                    (Array.map2 (fun p y -> (1.0 - 2.0 * y) * 0.7 * p ** 0.7 * (1.0 - p)) p labels)
                    "gradient"

                agree
                    [| value.ToDouble() |]
                    [| p |> Array.sumBy (fun p -> -0.7 * p ** 0.7 * log p) |]
                    "value")
        testProperty "Jensen-Shannon divergence" (fun (NonNegativeInt seed) ->
            let p, _, random = rows seed 0.05 0.95
            let q = p |> Array.map (fun _ -> 0.05 + 0.9 * random.NextDouble())
            let n = p.Length

            check [ n ] p (fun p -> Losses.JensenShannon(p, tensor [ n ] q)) (fun p ->
                Array.map2 divergence p q |> Array.sum)

            check [ n ] q (fun q -> Losses.JensenShannon(tensor [ n ] p, q)) (fun q ->
                Array.map2 divergence p q |> Array.sum))
        test "values at logit 0" {
            use _ = torch.NewDisposeScope()
            let zero, y = tensor [ 1 ] [| 0.0 |], tensor [ 1 ] [| 1.0 |]
            let value (t: torch.Tensor) = t.ToDouble()
            near (value (Losses.BinaryCrossEntropy(zero, y))) (log 2.0) "cross-entropy"
            near (value (Losses.AmplifiedCrossEntropy(zero, y, 1.0))) (log 2.0 / 2.0) "released form"
            Expect.equal (value (Losses.UniformKl zero)) 0.0 "uniform"
        }
        test "divergence of equal and of certain, opposite predictions" {
            use _ = torch.NewDisposeScope()
            let p, q = tensor [ 2 ] [| 0.3; 0.0 |], tensor [ 2 ] [| 0.3; 1.0 |]
            let both = Losses.JensenShannon(p, q).data<double>().ToArray()
            Expect.isLessThan (abs both[0]) 1e-15 "equal"
            Expect.floatClose Accuracy.medium both[1] (log 2.0) "opposite"
        }
        test "stable in float32 at logits of 50 and 100" {
            let one, zero = torch.ones 1L, torch.zeros 1L

            for logit in [ 50.0; 100.0 ] do
                let value, gradient =
                    float32Gradient (fun x -> Losses.BinaryCrossEntropy(x, zero)) logit

                near value logit "certain and wrong"
                near gradient 1.0 "certain and wrong"

            let value, gradient =
                float32Gradient (fun x -> Losses.BinaryCrossEntropy(x, one)) 50.0

            near value (exp -50.0) "certain and right"
            near gradient -(exp -50.0) "certain and right"

            let value, gradient =
                float32Gradient (fun x -> Losses.AmplifiedCrossEntropy(x, zero, 0.7)) 50.0

            near value (0.7 * 50.0 * exp -35.0) "released, wrong"
            near gradient (0.7 * exp -35.0) "released, wrong"
            let value, gradient = float32Gradient Losses.UniformKl -50.0
            near value (25.0 - log 2.0) "uniform"
            near gradient -0.5 "uniform"
        }
    ]
