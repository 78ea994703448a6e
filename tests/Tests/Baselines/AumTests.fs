module CausalDebiasing.Tests.Baselines.AumTests

open Expecto
open FsCheck
open MathNet.Numerics.Integration
open MathNet.Numerics.Random
open TorchSharp
open CausalDebiasing.Baselines
open CausalDebiasing.Tests.Support.Gradients

/// KL(N(mu, exp lv) || N(0, 1)) as an integral of p log(p / q).
let private divergence mu lv =
    let sd = exp (lv / 2.0)

    let integrand x =
        let a, b = (x - mu) / sd, x
        let density = exp (-a * a / 2.0) / (sd * sqrt (2.0 * System.Math.PI))
        density * (b * b / 2.0 - a * a / 2.0 - log sd)

    GaussLegendreRule.Integrate(integrand, mu - 9.0 * sd, mu + 9.0 * sd, 128)

[<Tests>]
let tests =
    testSequenced
    <| testList "aum pieces" [
        testCase "reliability by hand"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            // Mean log variances: ln 1 = 0, ln 2 and ln 4, so precisions 1, 1/2 and 1/4.
            let lv =
                tensor [ 1; 3; 2 ] [|
                    yield! [| -1.0; 1.0 |]
                    yield! [| log 2.0; log 2.0 |]
                    yield! [| log 2.0; log 8.0 |]
                |]

            let weights mask =
                Aum.Reliability(lv, tensor [ 1; 3 ] mask).data<double>().ToArray()

            let near actual expected message =
                Array.iter2 (fun a e -> Expect.floatClose Accuracy.high a e message) actual expected

            near (weights [| 1.0; 1.0; 1.0 |]) [| 4.0 / 7.0; 2.0 / 7.0; 1.0 / 7.0 |] "all observed"
            near (weights [| 0.0; 1.0; 1.0 |]) [| 0.0; 2.0 / 3.0; 1.0 / 3.0 |] "the most precise is missing"
            near (weights [| 0.0; 0.0; 1.0 |]) [| 0.0; 0.0; 1.0 |] "one observed"

        testProperty "divergence from the standard normal: as an integral"
        <| fun (NonNegativeInt seed) ->
            use _ = torch.NewDisposeScope()
            let random = Xoshiro256StarStar seed
            let mu = Array.init 3 (fun _ -> 4.0 * random.NextDouble() - 2.0)
            let lv = Array.init 3 (fun _ -> 9.0 * random.NextDouble() - 6.0)
            let actual = Aum.Divergence(tensor [ 1; 1; 3 ] mu, tensor [ 1; 1; 3 ] lv).ToDouble()

            Expect.floatClose
                Accuracy.medium
                actual
                (Array.sum (Array.map2 divergence mu lv))
                "sum over entries"
    ]
