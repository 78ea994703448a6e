module CausalDebiasing.Tests.Evidence.ReplicatesTests

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Tests.Support
open Expecto

let private observations results =
    Observation.ofResults (results |> List.map (fun result -> "e", result))

let private data = SyntheticResults.world "acquisition" 0. 0.

[<Tests>]
let tests =
    testList "Replicates" [
        test "differences pair by seed and skip what lacks a partner or a number" {
            let found =
                observations [
                    SyntheticResults.cell (data 1) "mt" Variant.plain "do" 0.7
                    SyntheticResults.cell (data 2) "mt" Variant.plain "do" 0.6
                    SyntheticResults.cell (data 3) "mt" Variant.plain "do" nan
                    SyntheticResults.cell (data 3) "mt" Variant.paper "do" 0.9
                    SyntheticResults.cell (data 2) "mt" Variant.paper "do" 0.65
                    SyntheticResults.cell (data 9) "mt" Variant.paper "do" 0.65
                ]
                |> Replicates.difference _.Auroc Variant.paper Variant.plain

            Expect.equal (Map.keys found |> List.ofSeq) [ 2 ] "seeds"
            Expect.floatClose Accuracy.high found[2] 0.05 "difference"
        }

        test "a ceiling belongs to the setting of the biased data" {
            let found =
                observations [
                    SyntheticResults.cell (data 1) "mt" Variant.plain "do" 0.7
                    SyntheticResults.cell (data 1) "mt" Variant.ceiling "do" 0.8
                ]

            Expect.hasLength (found |> List.distinctBy _.Setting) 1 "one setting"
            Expect.equal (found |> List.map _.Variant) [ Variant.plain; Variant.ceiling ] "variants"
        }

        test "other variants on unbiased data are not taken for the variant itself" {
            let unbiased = {
                SyntheticResults.cell (data 1) "mt" Variant.recommended "do" 0.8 with
                    Cell.Data.Unbiased = true
            }

            Expect.notEqual (observations [ unbiased ]).Head.Variant Variant.recommended "variant"
        }

        test "averages use the same units for every seed" {
            let perSeed, units =
                Replicates.average [
                    Map [ 1, 0.1; 2, 0.2 ]
                    Map [ 1, 0.3; 2, 0.4; 3, 0.9 ]
                    Map [ 1, 0.5; 2, 0.6; 3, 0.7 ]
                    Map [ 1, 100. ]
                    Map.empty
                ]

            Expect.equal units 2 "units with all three seeds"
            Expect.equal (Map.keys perSeed |> List.ofSeq) [ 1; 2; 3 ] "seeds"
            Expect.floatClose Accuracy.high perSeed[3] 0.8 "mean"
            Expect.equal (Replicates.average []) (Map.empty, 0) "nothing"
        }
    ]
