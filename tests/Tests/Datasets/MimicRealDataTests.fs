module CausalDebiasing.Tests.Datasets.MimicRealDataTests

open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Tests.Support.RealData

let private counts name =
    let card = (load name).Card
    card.Rows + (card.Exclusions |> List.sumBy _.Rows), card.Rows, card.Events

[<Tests>]
let tests =
    testList "MimicRealData" [
        test "the demo: admissions, deaths and missing rates are those of an independent count" {
            let card = (load "mimic-iv-demo").Card
            Expect.equal (counts "mimic-iv-demo") (275, 245, 14) "one of 15 deaths is in the first day"
            Expect.equal card.Patients 100 "patients"

            for name, rate in
                [
                    "chemistry", 0.1061
                    "blood-gas", 0.7061
                    "lactate", 0.6449
                    "hepatic", 0.5224
                ] do
                let modality = card.Modalities |> List.find (fun m -> m.Modality = name)
                Expect.floatClose { absolute = 0.0001; relative = 0. } modality.MissingRate rate name
        }

        test "the demo: the other tasks" {
            Expect.equal (counts "mimic-iv-demo-readmission") (275, 231, 37) "readmission"
            Expect.equal (counts "mimic-iv-demo-muse") (275, 201, 10) "death after discharge"

            Expect.equal
                (counts "mimic-iv-demo-muse-readmission")
                (275, 201, 26)
                "readmission after discharge"
        }
    ]
