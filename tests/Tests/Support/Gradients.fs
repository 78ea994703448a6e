module CausalDebiasing.Tests.Support.Gradients

open Expecto
open MathNet.Numerics.Random
open TorchSharp

/// A float64 tensor.
let tensor (shape: int list) (values: float[]) =
    torch.tensor(values, dtype = torch.float64).reshape(shape |> List.map int64 |> List.toArray)

/// Five-point central difference, error of order h^4.
let private slope (f: float -> float) =
    let h = 1e-3
    (8.0 * (f h - f -h) - (f (2.0 * h) - f (-2.0 * h))) / (12.0 * h)

let private differences (f: float[] -> float) (at: float[]) =
    Array.init at.Length (fun i -> slope (fun step -> f (Array.updateAt i (at[i] + step) at)))

/// Agreement to 1e-7 of the largest entry.
let agree (actual: float[]) (expected: float[]) message =
    let scale = expected |> Array.fold (fun m x -> max m (abs x)) 1e-6
    Array.iter2 (fun a b -> Expect.isLessThan (abs (a - b)) (1e-7 * scale) message) actual expected

/// Compares a loss with an independent formula on plain numbers: its value, and its gradient with respect to
/// the first input with central differences of that formula.
let check shape (at: float[]) (loss: torch.Tensor -> torch.Tensor) (formula: float[] -> float) =
    use _ = torch.NewDisposeScope()
    let x = (tensor shape at).requires_grad_()
    let value = (loss x).sum()
    value.backward ()
    agree [| value.ToDouble() |] [| formula at |] "value"
    agree ((nonNull x.grad).data<double>().ToArray()) (differences formula at) "gradient"

let sigmoid x = 1.0 / (1.0 + exp -x)

/// The probability of the class y.
let ofClass y p = if y = 1.0 then p else 1.0 - p

/// The rows of a property: logits or probabilities within [low, high] and labels.
let rows (seed: int) low high =
    let random = Xoshiro256StarStar seed
    let n = 1 + random.Next 9

    Array.init n (fun _ -> low + (high - low) * random.NextDouble()),
    Array.init n (fun _ -> float (random.Next 2)),
    random

/// Value and gradient of a loss of one float32 logit.
let float32Gradient (loss: torch.Tensor -> torch.Tensor) (logit: float) =
    use _ = torch.NewDisposeScope()
    let x = torch.tensor ([| float32 logit |], requires_grad = true)
    let value = loss x
    value.sum().backward()
    float (value.sum().ToSingle()), float ((nonNull x.grad).sum().ToSingle())

/// Agreement to 1e-6, relative.
let near (actual: float) expected message =
    Expect.isLessThanOrEqual (abs (actual - expected)) (1e-6 * abs expected) message
