module CausalDebiasing.Tests.Datasets.EicuDemoYaibRealDataTests

open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Tests.Support.RealData

[<Tests>]
let tests =
    testList "EicuDemoYaibRealData" [
        test "all 2,267 stays join; missing rates and deaths are those of an independent count" {
            let card = (load "eicu-demo-yaib").Card

            Expect.equal
                (card.Rows + List.sumBy (fun (left: Exclusion) -> left.Rows) card.Exclusions)
                2267
                "stays"

            Expect.equal (card.Rows, card.Events) (2241, 184) "26 outcomes are unknown"

            Expect.equal
                [ for site in card.Sites -> site.Site ]
                [ "Midwest"; "Northeast"; "South"; "West"; "unknown" ]
                "regions"

            let missing name =
                let modality = card.Modalities |> List.find (fun m -> m.Modality = name)
                modality.MissingRate, modality.PrevalenceObserved, modality.PrevalenceMissing

            for name, rate, whenObserved, whenMissing in
                [
                    "chemistry", 0.122, 0.082, 0.080
                    "blood-count", 0.175, 0.083, 0.077
                    "hepatic", 0.555, 0.101, 0.067
                    "blood-gas", 0.722, 0.150, 0.056
                    "lactate", 0.798, 0.170, 0.060
                ] do
                let found, observed, absent = missing name

                for expected, actual in [ rate, found; whenObserved, observed; whenMissing, absent ] do
                    Expect.floatClose { absolute = 0.0006; relative = 0. } actual expected name
        }
    ]
