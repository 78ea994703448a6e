module CausalDebiasing.Tests.Baselines.FlexMoeTests

open CausalDebiasing.Baselines
open CausalDebiasing.Tests.Support.Tensors
open Expecto
open FsCheck
open TorchSharp

let private softmax xs =
    let total = List.sumBy exp xs
    xs |> List.map (fun x -> exp x / total)

[<Tests>]
let tests =
    testSequenced
    <| testList "Flex-MoE" [
        test "a missing modality takes the bank's entry of its row's pattern" {
            use _ = torch.NewDisposeScope()
            // Two patients, two modalities, two tokens of width 1; entry (slot, modality, token) = 100 slot + 10 m + p.
            let encoded = float32s [ 2; 2; 2; 1 ] [ 1; 2; 3; 4; 5; 6; 7; 8 ]

            let bank =
                float32s [ 3; 2; 2; 1 ] [
                    for slot in 0..2 do
                        for m in 0..1 do
                            for p in 0..1 -> float (100 * slot + 10 * m + p)
                ]

            let mask = float32s [ 2; 2 ] [ 1; 0; 0; 1 ]
            let actual = FlexMoe.Fill(encoded, mask, bank, whole [ 2; 1 ])
            close (values actual) [ 1; 2; 210; 211; 100; 101; 7; 8 ] "tokens"
        }

        test "the gate keeps the largest logits and renormalises" {
            use _ = torch.NewDisposeScope()
            let logits = float32s [ 2; 4 ] [ 1; 3; 2; -1; 0; -2; 5; 4 ]
            let struct (experts, weights) = NoisyGate.TopK(logits, 2)
            Expect.equal (values experts) [ 1.0; 2.0; 2.0; 3.0 ] "experts"
            close (values weights) (softmax [ 3.0; 2.0 ] @ softmax [ 5.0; 4.0 ]) "weights"
        }

        test "Laplace logits are negative Euclidean distances" {
            use _ = torch.NewDisposeScope()
            let tokens = float32s [ 2; 2 ] [ 0; 0; 3; 4 ]
            let centres = float32s [ 2; 2 ] [ 3; 4; 0; 4 ]
            close (values (NoisyGate.LaplaceLogits(tokens, centres))) [ -5; -4; 0; -3 ] "distances"
        }

        test "load is the probability that fresh noise keeps an expert among the top" {
            use _ = torch.NewDisposeScope()
            let clean = float32s [ 1; 3 ] [ 1.0; 0.0; 0.5 ]
            let noisy = float32s [ 1; 3 ] [ 1.2; -0.1; 0.9 ]
            let spread = float32s [ 1; 3 ] [ 0.5; 1.0; 0.25 ]
            // Top 1 is expert 0: it stays while above 0.9; the others must pass 1.2.
            let normal z =
                MathNet.Numerics.Distributions.Normal.CDF(0.0, 1.0, z)

            let expected = [ normal ((1.0 - 0.9) / 0.5); normal -1.2; normal ((0.5 - 1.2) / 0.25) ]
            close (values (NoisyGate.Load(clean, noisy, spread, 1))) expected "load"
            close (values (NoisyGate.Load(clean, noisy, spread, 3))) [ 1; 1; 1 ] "all chosen"
        }

        test "squared coefficient of variation" {
            use _ = torch.NewDisposeScope()
            // Mean 4, variance ((2-4)^2 + 0 + (6-4)^2) / 2 = 4.
            close (values (NoisyGate.SquaredVariation(float32s [ 3 ] [ 2; 4; 6 ]))) [ 0.25 ] "three"
            close (values (NoisyGate.SquaredVariation(float32s [ 1 ] [ 7 ]))) [ 0.0 ] "one"
        }

        testProperty "auxiliary loss ties incomplete tokens to their pattern's expert and balances the others"
        <| fun (NonNegativeInt seed) ->
            use _ = torch.NewDisposeScope()
            let tokens, experts = 6, 4
            let logits = numbers seed (tokens * experts)
            let gates = numbers (seed + 1) (tokens * experts) |> List.map (max 0.0)
            let load = numbers (seed + 2) (tokens * experts) |> List.map abs
            let complete = mask seed tokens 2 |> List.chunkBySize 2 |> List.map List.min
            let expert = [ for token in 0 .. tokens - 1 -> 1 + (seed % 100 + token) % 3 ]
            let entry (table: float list) token expert = table[experts * token + expert]

            let marked value =
                [ 0 .. tokens - 1 ] |> List.filter (fun token -> complete[token] = value)

            let imbalance table rows columns =
                let sums = [
                    for column in columns -> rows |> List.sumBy (fun row -> entry table row column)
                ]

                let mean = List.average sums

                let variance =
                    (sums |> List.sumBy (fun x -> (x - mean) ** 2.0)) / float (sums.Length - 1)

                variance / (mean ** 2.0 + 1e-10)

            let crossEntropy =
                match marked 0.0 with
                | [] -> 0.0
                | rows ->
                    rows
                    |> List.averageBy (fun row ->
                        -(log (
                            List.item
                                expert[row]
                                (softmax [ for e in 0 .. experts - 1 -> entry logits row e ])
                        )))

            let expected =
                crossEntropy
                + List.sum [
                    for table in [ gates; load ] do
                        imbalance table (marked 1.0) [ 0..3 ]
                        imbalance table (marked 0.0) [ 1..3 ]
                ]

            let table = float32s [ tokens; experts ]

            let actual =
                NoisyGate.AuxiliaryLoss(
                    table logits,
                    table gates,
                    table load,
                    whole expert,
                    float32s [ tokens ] complete
                )

            close (values actual) [ expected ] "loss"

        test "the gate has neither noise nor loss when predicting" {
            use _ = torch.NewDisposeScope()
            use random = generator 3
            use gate = new NoisyGate(2, 3, 2, false, random)

            let route () =
                gate.Route(float32s [ 2; 2 ] [ 1; 2; 3; 4 ], whole [ 0; 1 ], float32s [ 2 ] [ 1; 0 ], null)

            Expect.isTrue (isNull (route().Loss)) "loss"
            Expect.equal (values (route().Weights.detach())) (values (route().Weights.detach())) "weights"
        }

        test "tokens pass exactly the experts that they are routed to" {
            use _ = torch.NewDisposeScope()
            use random = generator 1
            use layer = new ExpertLayer(3, 5, 4, random)
            let tokens = float32s [ 3; 3 ] (numbers 2 9)
            let chosen = (whole [ 2; 0; 0; 3; 2; 3 ]).view(3L, 2L)
            let weights = float32s [ 3; 2 ] [ 0.25; 0.75; 0.5; 0.5; 0.1; 0.9 ]
            let outputs = [ for expert in 0..3 -> values (layer.Single(expert, tokens).detach()) ]

            let token i expert =
                List.init 3 (fun k -> outputs[expert][3 * i + k])

            let mix i (a, wa) (b, wb) =
                List.map2 (fun x y -> wa * x + wb * y) (token i a) (token i b)

            let expected =
                mix 0 (2, 0.25) (0, 0.75) @ mix 1 (0, 0.5) (3, 0.5) @ mix 2 (2, 0.1) (3, 0.9)

            close (values (layer.Mix(tokens, chosen, weights).detach())) expected "mixture"
        }
    ]
