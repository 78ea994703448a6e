module CausalDebiasing.Tests.Debiasing.DecorrelationTests

open System
open CausalDebiasing.Debiasing
open CausalDebiasing.Tests.Support.Gradients
open Expecto
open FsCheck
open MathNet.Numerics.Random
open TorchSharp

/// A shuffled grid with jitter: no two rows come close, so that no kernel is too narrow for differences.
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

let private distances n d (z: float[]) =
    Array2D.init n n (fun i j ->
        Seq.sum (seq { for c in 0 .. d - 1 -> (z[i * d + c] - z[j * d + c]) ** 2.0 }))

let private lowerMedian n (squared: float[,]) =
    let pairs = [|
        for i in 0 .. n - 1 do
            for j in i + 1 .. n - 1 -> squared[i, j]
    |]

    (Array.sort pairs)[(pairs.Length - 1) / 2]

/// HSIC from two kernel matrices: the mean product of their doubly centred entries.
let private hsic n (kc: float[,]) (kb: float[,]) =
    let centred (k: float[,]) =
        let row = Array.init n (fun i -> Array.average k[i, *])
        k |> Array2D.mapi (fun i j entry -> entry - row[i] - row[j] + Array.average row)

    let b = centred kb
    let product = Array2D.mapi (fun i j c -> c * b[i, j]) (centred kc)
    Seq.sum (Seq.cast<float> product) / float ((n - 1) * (n - 1))

let private gaussian bandwidth =
    Array2D.map (fun d -> exp (-d / (2.0 * bandwidth)))

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
        testProperty "HSIC with the bandwidth held constant" (fun (NonNegativeInt seed) ->
            let n, d, k, zc, zb = branches seed

            let kernel width z =
                let bandwidth = lowerMedian n (distances n width z)
                fun z -> gaussian bandwidth (distances n width z)

            let ofC, ofB = kernel d zc, kernel k zb

            check [ n; d ] zc (fun z -> Losses.Hsic(z, tensor [ n; k ] zb)) (fun z ->
                hsic n (ofC z) (ofB zb))

            check [ n; k ] zb (fun z -> Losses.Hsic(tensor [ n; d ] zc, z)) (fun z ->
                hsic n (ofC zc) (ofB z)))
        test "unrelated and identical branches" {
            use _ = torch.NewDisposeScope()

            let square, constant =
                tensor [ 4; 1 ] [| 1.0; 1.0; -1.0; -1.0 |], tensor [ 4; 1 ] (Array.create 4 3.0)

            let other = tensor [ 4; 1 ] [| 1.0; -1.0; 1.0; -1.0 |]
            Expect.equal (Losses.CrossCovariance(square, other).ToDouble()) 0.0 "orthogonal"
            near (Losses.CrossCovariance(square, square).ToDouble()) 1.0 "identical"

            Expect.isLessThan
                (abs (Losses.Hsic(square, other).ToDouble()))
                1e-15
                "a full factorial is independent"

            Expect.equal (Losses.Hsic(square, constant).ToDouble()) 0.0 "a constant carries nothing"
            // Kernel 1 within a pair, exp(-1/2) across: the centred entries are +-(1 - exp(-1/2))/2.
            near
                (Losses.Hsic(square, square).ToDouble())
                (16.0 * ((1.0 - exp -0.5) / 2.0) ** 2.0 / 9.0)
                "identical"

            Expect.equal
                (Losses.Hsic(square.narrow (0L, 0L, 1L), other.narrow (0L, 0L, 1L)).ToDouble())
                0.0
                "one row"
        }
    ]
