module CausalDebiasing.Tests.Datasets.HeartUciRealDataTests

open Expecto
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Tests
open CausalDebiasing.Tests.Support.RealData

let private onData name action =
    testCase name (fun () -> action (load "heart-uci"))

let private percent share = System.Math.Round(100. * share, 1)

[<Tests>]
let tests =
    testList "HeartUciRealData" [
        onData "920 patients at four sites" (fun { Card = card } ->
            Expect.equal
                [ for s in card.Sites -> s.Site, s.Rows, percent s.Prevalence ]
                [
                    "cleveland", 303, 45.9
                    "hungarian", 294, 36.1
                    "switzerland", 123, 93.5
                    "va", 200, 74.5
                ]
                "sites"

            Expect.equal (card.Patients, card.Rows) (920, 920) "size")

        onData "the site decides what is measured" (fun { Cohort = cohort } ->
            let missing modality =
                let m = cohort.Modalities |> Seq.findIndex (fun m -> m.Name = modality)

                [
                    for site in 0..3 do
                        let rows =
                            [ 0 .. cohort.Count - 1 ] |> List.filter (fun row -> cohort.Sites[row] = site)

                        rows
                        |> List.averageBy (fun row -> if cohort.IsObserved(row, m) then 0. else 100.)
                        |> round
                        |> int
                ]

            Expect.equal (missing "fluoroscopy") [ 1; 99; 96; 99 ] "fluoroscopy"
            Expect.equal (missing "thallium") [ 1; 90; 42; 83 ] "thallium"
            Expect.equal (missing "demographics-symptoms") [ 0; 0; 0; 0 ] "age is always known")

        onData "each site can be left out" (fun loaded ->
            for site, rows in [ "cleveland", 303; "hungarian", 294; "switzerland", 123; "va", 200 ] do
                let study =
                    DatasetStudy.study loaded (SiteLeftOut site) {
                        WorldSupport.spec "heart-uci" 1 with
                            MissingRate = None
                            Confounding = 0.
                    }

                Expect.equal study.Tests[1].Condition $"site:{site}" "condition"
                Expect.equal study.Tests[1].Cohort.Count rows "all its rows"
                Expect.isLessThan study.Train.Count (920 - rows) "others")
    ]
