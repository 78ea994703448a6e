module CausalDebiasing.Tests.Debiasing.DecorrelationTests

open System
open CausalDebiasing.Debiasing
open CausalDebiasing.Tests.Support.Gradients
open Expecto
open FsCheck
open MathNet.Numerics.Random
open TorchSharp
open CausalDebiasing.Networks

/// A shuffled grid with jitter.
let private matrix (random: Random) n d =
    let columns =
        Array.init d (fun _ ->
            Array.init n (fun i -> float i + 0.6 * random.NextDouble())
            |> Array.randomShuffleWith random)

    Array.init (n * d) (fun at -> columns[at % d][at / d])

let private branches (seed: int) =
    let random = Xoshiro256StarStar seed
    let n, d, k = 2 + random.Next 6, 1 + random.Next 3, 1 + random.Next 3
    n, d, k, matrix random n d, matrix random n k

let private covariance n d k (zc: float[]) (zb: float[]) =
    let column width c (z: float[]) =
        Array.init n (fun i -> z[i * width + c])

    Seq.sum (
        seq {
            for a in 0 .. d - 1 do
                for b in 0 .. k - 1 do
                    let x, y = column d a zc, column k b zb

                    let cov =
                        Array.map2 (fun x' y' -> (x' - Array.average x) * (y' - Array.average y)) x y

                    Array.average cov ** 2.0
        }
    )
    / float (d * k)

[<Tests>]
let tests =
    testSequenced
    <| testList "Decorrelation losses" [
        testProperty "squared cross-covariance" (fun (NonNegativeInt seed) ->
            let n, d, k, zc, zb = branches seed

            check [ n; d ] zc (fun z -> Losses.CrossCovariance(z, tensor [ n; k ] zb)) (fun z ->
                covariance n d k z zb)

            check [ n; k ] zb (fun z -> Losses.CrossCovariance(tensor [ n; d ] zc, z)) (fun z ->
                covariance n d k zc z))
        test "unrelated and identical branches" {
            use _ = torch.NewDisposeScope()

            let square = tensor [ 4; 1 ] [| 1.0; 1.0; -1.0; -1.0 |]
            let other = tensor [ 4; 1 ] [| 1.0; -1.0; 1.0; -1.0 |]
            Expect.equal (Losses.CrossCovariance(square, other).ToDouble()) 0.0 "orthogonal"
            near (Losses.CrossCovariance(square, square).ToDouble()) 1.0 "identical"
        }
    ]
