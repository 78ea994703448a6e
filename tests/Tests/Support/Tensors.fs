module CausalDebiasing.Tests.Support.Tensors

open CausalDebiasing.Runtime
open Expecto
open MathNet.Numerics.Random
open TorchSharp

/// A float32 tensor.
let float32s (shape: int list) (values: seq<float>) =
    torch.tensor([| for value in values -> float32 value |]).reshape(shape |> List.map int64 |> List.toArray)

/// A tensor of whole numbers.
let whole (values: int list) =
    torch.tensor ([| for value in values -> int64 value |])

let values (t: torch.Tensor) = [
    for value in t.contiguous().``to``(torch.ScalarType.Float32).data<float32>().ToArray() -> float value
]

/// Agreement to 1e-5.
let close actual expected message =
    Expect.equal (List.length actual) (List.length expected) message

    for a, b in List.zip actual expected do
        Expect.isLessThan (abs (a - b)) (1e-5 * (1.0 + abs b)) message

/// Numbers in [-3, 3].
let numbers (seed: int) count =
    let random = Xoshiro256StarStar seed
    List.init count (fun _ -> 6.0 * random.NextDouble() - 3.0)

/// A mask [n, m] with at least one 1 per row.
let mask (seed: int) n m =
    let random = Xoshiro256StarStar(seed + 1)

    [
        for _ in 1..n do
            let kept = random.Next m
            for j in 0 .. m - 1 -> if j = kept || random.NextDouble() < 0.5 then 1.0 else 0.0
    ]

/// A generator of initial values.
let generator (seed: int) = Seed(uint64 seed).ToGenerator()
