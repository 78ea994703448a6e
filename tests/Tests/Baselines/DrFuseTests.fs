module CausalDebiasing.Tests.Baselines.DrFuseTests

open CausalDebiasing.Baselines
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.Tensors
open Expecto
open FsCheck
open TorchSharp

let private n, m, d = 5, 3, 2


let private logSumExp xs = log (List.sumBy exp xs)

/// Jensen-Shannon divergence of several Bernoulli distributions, as mean relative entropy to their mixture.
let private divergence ps =
    let mixture = List.average ps

    ps
    |> List.averageBy (fun p -> p * log (p / mixture) + (1.0 - p) * log ((1.0 - p) / (1.0 - mixture)))

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
                                    Gradients.sigmoid x[i * m + j]
                        ]

                    log (p / (1.0 - p))
            ]

            let actual = DrFuseTerms.Pool(float32s [ n; m; 1 ] x, float32s [ n; m ] o)
            close (values actual) expected "pooled"

        testProperty "divergence is the mean relative entropy to the mean, over rows with two or more"
        <| fun (NonNegativeInt seed) ->
            use _ = torch.NewDisposeScope()
            let x, o = numbers seed (n * m * d), mask seed n m

            let row i =
                let observed = [ 0 .. m - 1 ] |> List.filter (fun j -> o[i * m + j] > 0.0)

                observed.Length,
                List.sum [
                    for k in 0 .. d - 1 ->
                        divergence [ for j in observed -> Gradients.sigmoid x[(i * m + j) * d + k] ]
                ]

            let expected =
                [ for i in 0 .. n - 1 -> row i ]
                |> List.choose (fun (count, value) -> if count > 1 then Some value else None)
                |> mean

            let shared, observed = float32s [ n; m; d ] x, float32s [ n; m ] o
            let pooled = DrFuseTerms.Pool(shared, observed)
            close (values (DrFuseTerms.Divergence(shared, pooled, observed))) [ expected ] "divergence"

        test "divergence of two certain, opposite features is ln 2" {
            use _ = torch.NewDisposeScope()
            let shared, observed = float32s [ 1; 2; 1 ] [ 30; -30 ], torch.ones (1L, 2L)
            let pooled = DrFuseTerms.Pool(shared, observed)
            close (values (DrFuseTerms.Divergence(shared, pooled, observed))) [ log 2.0 ] "opposite"
        }

        test "ranking wants more attention on the better token" {
            use _ = torch.NewDisposeScope()
            let attention = float32s [ 2; 3 ] [ 0.5; 0.3; 0.2; 0.6; 0.4; 0.0 ]
            let losses = float32s [ 2; 3 ] [ 0.9; 0.1; 0.4; 0.2; 0.3; 0.1 ]
            let available = float32s [ 2; 3 ] [ 1; 1; 1; 1; 1; 0 ]
            // Row 1: token 0 is worst but leads token 1 by 0.2 and token 2 by 0.3; row 2 ranks right.
            let actual = DrFuseTerms.Ranking(attention, losses, available)
            close (values actual) [ (0.2 + 0.3 + 0.0) / 3.0 ] "ranking"
        }

        test "overlap is the mean absolute cosine of shared and distinct features" {
            use _ = torch.NewDisposeScope()
            // Two patients, two modalities; the second patient lacks the second.
            let shared = float32s [ 2; 2; 2 ] [ 1; 0; 0; 2; 3; 4; 9; 9 ]
            let distinct = float32s [ 2; 2; 2 ] [ -2; 0; 0; 5; 4; -3; 1; 1 ]

            let overlap =
                DrFuseTerms.Overlap(shared, distinct, float32s [ 2; 2 ] [ 1; 1; 1; 0 ])

            close (values overlap) [ 2. / 2. * ((1. + 0.) / 2. + 1.) ] "cosines -1 and 0; 1"

            let half =
                DrFuseTerms.Overlap(
                    float32s [ 1; 1; 2 ] [ 1; 0 ],
                    float32s [ 1; 1; 2 ] [ -1; sqrt 3. ],
                    float32s [ 1; 1 ] [ 1 ]
                )

            close (values half) [ 2. * 0.5 ] "cosine -1/2"
        }

        test "one modality alone has no divergence" {
            use _ = torch.NewDisposeScope()
            let shared, observed = torch.ones (2L, 1L, 3L), torch.ones (2L, 1L)
            let pooled = DrFuseTerms.Pool(shared, observed)
            close (values (DrFuseTerms.Divergence(shared, pooled, observed))) [ 0.0 ] "alone"
        }
    ]
