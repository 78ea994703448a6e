module CausalDebiasing.Tests.Conditions.VariantTests

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Tests.Support
open Expecto

[<Tests>]
let tests =
    testList "variants" [
        test "every variant is found by its name, and no two share one" {
            let names = Variant.all |> List.map Variant.name
            Expect.equal (names |> List.map (Variant.parse "--variants")) Variant.all "by name"
            Expect.equal (List.distinct names) names "names"
            Expect.containsAll names [ "plain"; "ceiling-augmented"; "recommended"; "irm" ] "some of them"
        }

        test "an unknown name is refused with the option and the nearest one" {
            let message = InputErrors.message (fun () -> Variant.parse "--variants" "papr")
            Expect.stringContains message "Unknown variant 'papr' in --variants" "what and where"
            Expect.stringContains message "did you mean 'paper'" "what to do"
        }

        test "JSON has the name, also of a variant that this build does not know" {
            Expect.equal
                (Json.write [ Variant.plain; Variant.ceilingAugmented ])
                """["plain","ceiling-augmented"]"""
                "text"

            let stored = Json.read<Variant> "\"of-another-build\""
            Expect.equal (Variant.name stored) "of-another-build" "read"
        }

        test "variants are ordered as their names" {
            let names = Variant.all |> List.map Variant.name
            Expect.equal (List.sort Variant.all |> List.map Variant.name) (List.sort names) "order"
        }
    ]
