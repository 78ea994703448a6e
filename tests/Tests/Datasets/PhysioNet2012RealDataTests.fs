module CausalDebiasing.Tests.Datasets.PhysioNet2012RealDataTests

open System
open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Tests.Support.PhysioNet2012Fixture

let private setA =
    lazy
        (match DataRoot.resolve None with
         | Some root when (PhysioNet2012.status (Some root) [ A ]).IsPresent ->
             Ok(load PhysioNet2012.defaults root)
         | root ->
             match PhysioNet2012.status root [ A ] with
             | Absent reason -> Error reason
             | Present _ -> Error "not reached: present without a root")

let private onData name action =
    testCase name (fun () ->
        match setA.Value with
        | Ok loaded -> action loaded
        | Error reason -> skiptest reason)

/// P(score of a positive > score of a negative), ties one half.
let private auroc (scores: float[]) (labels: float32[]) =
    let events, others =
        Array.zip scores labels
        |> Array.partition (snd >> (=) 1f)
        |> fun (p, n) -> Array.map fst p, Array.sort (Array.map fst n)

    let below score =
        let mutable low, high = 0, others.Length

        while low < high do
            let middle = (low + high) / 2

            if others[middle] < score then
                low <- middle + 1
            else
                high <- middle

        low

    events
    |> Array.averageBy (fun s -> float (below s + below (Math.BitIncrement s)) / 2.0)
    |> fun wins -> wins / float others.Length

[<Tests>]
let tests =
    testList "PhysioNet2012RealData" [
        onData "set A has 4,000 stays and 554 deaths, by ICU type" (fun { Card = card } ->
            Expect.equal (card.Rows, card.Patients, card.Events) (4000, 4000, 554) "size"
            Expect.equal (List.exactlyOne card.Exclusions).Rows 0 "all outcomes are known"

            let sites =
                card.Sites
                |> List.map (fun s -> s.Site, s.Rows, int (round (float s.Rows * s.Prevalence)))

            Expect.equal
                sites
                [ "CCU", 577, 81; "CSRU", 874, 43; "MICU", 1481, 275; "SICU", 1068, 155 ]
                "sites")

        onData "modalities are missing as often as an independent count found" (fun { Card = card } ->
            let missing =
                card.Modalities
                |> List.map (fun m -> m.Modality, int (round (4000.0 * m.MissingRate)))

            Expect.equal
                missing
                [
                    "demographics", 0
                    "vitals", 63
                    "chemistry-cbc", 60
                    "blood-gas", 937
                    "hepatic", 1918
                    "lactate", 1817
                    "cardiac-markers", 2932
                    "urine-ventilation", 92
                ]
                "missing of 4,000"

            for m in card.Modalities do
                if m.MissingRate > 0.1 then
                    Expect.isGreaterThan
                        m.PrevalenceObserved
                        m.PrevalenceMissing
                        $"{m.Modality}: the sicker are measured")

        onData
            "the mask alone tells the outcome, and a shuffled outcome not"
            (fun { Cohort = cohort; Card = card } ->
                Expect.isGreaterThan card.MaskAuroc 0.62 "AUROC of the pattern"
                let labels = cohort.Labels.ToArray()

                let shuffled =
                    Array.init labels.Length (fun i -> labels[(i + 1999) % labels.Length])

                Expect.floatClose
                    { absolute = 0.05; relative = 0.0 }
                    (CohortCard.maskAuroc (cohort.WithLabels shuffled))
                    0.5
                    "null")

        onData "no single feature betrays the outcome" (fun { Cohort = cohort } ->
            for m in 0 .. cohort.Modalities.Count - 1 do
                for column in 0 .. cohort.Modalities[m].Size - 1 do
                    let scores, labels =
                        [|
                            for i in 0 .. cohort.Count - 1 do
                                let value = cohort.Row(m, i)[column]

                                if cohort.IsObserved(i, m) && not (Single.IsNaN value) then
                                    float value, cohort.Labels[i]
                        |]
                        |> Array.unzip

                    if Array.contains 1f labels && Array.contains 0f labels && labels.Length > 400 then
                        let area = auroc scores labels

                        Expect.isLessThan
                            (max area (1.0 - area))
                            0.8
                            $"{cohort.Modalities[m].Name}, column {column}")

        onData "every value left is plausible" (fun { Cohort = cohort } ->
            let vitals = 1

            for i in 0 .. cohort.Count - 1 do
                let row = cohort.Row(vitals, i)

                for j, parameter in PhysioNet2012Parameters.series |> List.head |> snd |> List.indexed do
                    for k in 1..5 do
                        let value = row[6 * j + k]

                        if cohort.IsObserved(i, vitals) && not (Single.IsNaN value) then
                            Expect.isTrue (value >= parameter.Low && value <= parameter.High) parameter.Name)
    ]
