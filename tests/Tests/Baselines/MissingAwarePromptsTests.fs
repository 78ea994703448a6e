module CausalDebiasing.Tests.Baselines.MissingAwarePromptsTests

open CausalDebiasing.Baselines
open CausalDebiasing.Tests.Support.Tensors
open Expecto
open TorchSharp

[<Tests>]
let tests =
    testSequenced
    <| testList "missing-aware prompts" [
        test "prompts stand before the tokens and are always attended to" {
            use _ = torch.NewDisposeScope()
            let prompts = float32s [ 1; 2; 1 ] [ 7; 8 ]
            let tokens = float32s [ 1; 3; 1 ] [ 1; 0; 3 ]

            let struct (sequence, mask) =
                MissingAwarePrompts.Prepend(prompts, tokens, float32s [ 1; 3 ] [ 1; 0; 1 ])

            close (values sequence) [ 7; 8; 1; 0; 3 ] "sequence"
            close (values mask) [ 1; 1; 1; 0; 1 ] "mask"
        }
    ]
