module CausalDebiasing.Tests.Baselines.DrFuseTests

open CausalDebiasing.Baselines.Shared
open CausalDebiasing.Tests.Support.Tensors
open Expecto
open FsCheck
open TorchSharp

let private n, m, d = 5, 3, 2

let private sigmoid x = 1.0 / (1.0 + exp -x)

let private logSumExp xs = log (List.sumBy exp xs)

/// Jensen-Shannon divergence of two Bernoulli distributions, outcome by outcome.
let private divergence p q =
    let relative a b = a * log (a / b)

    [ p, q; 1.0 - p, 1.0 - q ]
    |> List.sumBy (fun (a, b) -> (relative a ((a + b) / 2.0) + relative b ((a + b) / 2.0)) / 2.0)

let private mean values =
    if List.isEmpty values then 0.0 else List.average values

[<Tests>]
let tests =
    testSequenced
    <| testList "DrFuse" [
        testProperty "pooling of two is the published difference of logsumexps"
        <| fun (NonNegativeInt seed) ->
            use _ = torch.NewDisposeScope()
            let x = numbers seed (n * 2)

            let expected = [
                for i in 0 .. n - 1 do
                    let a, b = x[2 * i], x[2 * i + 1]
                    logSumExp [ a + b; a + b; a; b ] - logSumExp [ 0.0; 0.0; a; b ]
            ]

            let actual = DrFuseTerms.Pool(float32s [ n; 2; 1 ] x, torch.ones (int64 n, 2L))
            close (values actual) expected "pooled"

        testProperty "pooling is the logit of the mean probability over what is observed"
        <| fun (NonNegativeInt seed) ->
            use _ = torch.NewDisposeScope()
            let x, o = numbers seed (n * m), mask seed n m

            let expected = [
                for i in 0 .. n - 1 do
                    let p =
                        List.average [
                            for j in 0 .. m - 1 do
                                if o[i * m + j] > 0.0 then
                                    sigmoid x[i * m + j]
                        ]

                    log (p / (1.0 - p))
            ]

            let actual = DrFuseTerms.Pool(float32s [ n; m; 1 ] x, float32s [ n; m ] o)
            close (values actual) expected "pooled"

        testProperty "divergence is the mean over pairs of that over rows with both"
        <| fun (NonNegativeInt seed) ->
            use _ = torch.NewDisposeScope()
            let p, o = numbers seed (n * m * d) |> List.map sigmoid, mask seed n m
            let entry i j k = p[(i * m + j) * d + k]

            let expected =
                List.average [
                    for a in 0 .. m - 1 do
                        for b in a + 1 .. m - 1 ->
                            mean [
                                for i in 0 .. n - 1 do
                                    if o[i * m + a] * o[i * m + b] > 0.0 then
                                        [ 0 .. d - 1 ]
                                        |> List.sumBy (fun k -> divergence (entry i a k) (entry i b k))
                            ]
                ]

            let actual = DrFuseTerms.Divergence(float32s [ n; m; d ] p, float32s [ n; m ] o)
            close (values actual) [ expected ] "divergence"

        test "ranking wants more attention on the better token" {
            use _ = torch.NewDisposeScope()
            let attention = float32s [ 2; 3 ] [ 0.5; 0.3; 0.2; 0.6; 0.4; 0.0 ]
            let losses = float32s [ 2; 3 ] [ 0.9; 0.1; 0.4; 0.2; 0.3; 0.1 ]
            let available = float32s [ 2; 3 ] [ 1; 1; 1; 1; 1; 0 ]
            // Row 1: token 0 is worst but leads token 1 by 0.2 and token 2 by 0.3; row 2 ranks right.
            let actual = DrFuseTerms.Ranking(attention, losses, available)
            close (values actual) [ (0.2 + 0.3 + 0.0) / 3.0 ] "ranking"
        }

        test "one modality alone has no divergence" {
            use _ = torch.NewDisposeScope()

            let actual =
                DrFuseTerms.Divergence(torch.ones (2L, 1L, 3L) / 2.0, torch.ones (2L, 1L))

            close (values actual) [ 0.0 ] "no pair"
        }
    ]
