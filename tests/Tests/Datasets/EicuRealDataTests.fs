module CausalDebiasing.Tests.Datasets.EicuRealDataTests

open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Tests.Support.RealData

let private read (card: CohortCard) =
    card.Rows + (card.Exclusions |> List.sumBy _.Rows)

[<Tests>]
let tests =
    testList "EicuRealData" [
        test "the demo: stays, deaths, missing rates and event rates are those of an independent count" {
            let card = (load "eicu-demo").Card
            Expect.equal (read card) 2520 "unit stays"
            Expect.equal (card.Rows, card.Patients, card.Events) (2184, 1619, 158) "at risk at hour 24"

            for name, rate, whenObserved, whenMissing in
                [
                    "diagnoses", 0.1296, 0.0773, 0.0389
                    "medications", 0.2633, 0.0758, 0.0626
                    "treatments", 0.2326, 0.0805, 0.0453
                    "infusions", 0.6818, 0.0935, 0.0625
                    "notes", 0.0952, 0.0764, 0.0337
                    "physical-exam", 0.1044, 0.0772, 0.0307
                    "respiratory-charting", 0.5266, 0.1006, 0.0470
                    "blood-pressure", 0.0733, 0.0751, 0.0375
                ] do
                let modality = card.Modalities |> List.find (fun m -> m.Modality = name)

                for expected, actual in
                    [
                        rate, modality.MissingRate
                        whenObserved, modality.PrevalenceObserved
                        whenMissing, modality.PrevalenceMissing
                    ] do
                    Expect.floatClose { absolute = 0.0001; relative = 0. } actual expected name
        }

        test "the demo: readmissions to the ICU" {
            let card = (load "eicu-demo-readmission").Card
            Expect.equal (read card, card.Rows, card.Events) (2520, 1438, 70) "an independent count"
        }

        test "the series of the YAIB cohort join by stay" {
            let card = (load "eicu-demo-with-yaib").Card
            Expect.equal card.Rows 2184 "rows are those of the tables"

            let missing name =
                (card.Modalities |> List.find (fun m -> m.Modality = name)).MissingRate

            Expect.isLessThan (missing "yaib-vitals") 0.08 "nearly all stays have series"
            Expect.floatClose { absolute = 0.0006; relative = 0. } (missing "yaib-lactate") 0.809 "lactate"
        }
    ]
