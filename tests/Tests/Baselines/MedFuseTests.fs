module CausalDebiasing.Tests.Baselines.MedFuseTests

open CausalDebiasing.Baselines
open CausalDebiasing.Tests.Support.Tensors
open Expecto
open FsCheck
open TorchSharp

[<Tests>]
let tests =
    testSequenced
    <| testList "MedFuse" [
        testPropertyWithConfig
            {
                FsCheckConfig.defaultConfig with
                    maxTest = 15
            }
            "equals an LSTM over just the observed modalities in order"
        <| fun (NonNegativeInt seed) ->
            use _ = torch.NewDisposeScope()
            let n, m, d = 5, 4, 3
            use lstm = torch.nn.LSTM(int64 d, 2L, batchFirst = true)
            use random = generator seed

            for parameter in lstm.parameters () do
                parameter.detach().uniform_(-1.0, 1.0, random) |> ignore

            let x, o = numbers seed (n * m * d), mask seed n m

            let expected = [
                for i in 0 .. n - 1 do
                    let observed = [ 0 .. m - 1 ] |> List.filter (fun j -> o[i * m + j] > 0.0)

                    let steps = [
                        for j in observed do
                            yield! x[(i * m + j) * d .. (i * m + j) * d + d - 1]
                    ]

                    let struct (_, hidden, _) = lstm.call (float32s [ 1; observed.Length; d ] steps)
                    yield! values (hidden.detach ())
            ]

            let actual = MedFuse.LastHidden(lstm, float32s [ n; m; d ] x, float32s [ n; m ] o)
            close (values (actual.detach ())) expected "last hidden state"
    ]
