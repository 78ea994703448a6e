namespace CausalDebiasing.Bench.Datasets

open System.Collections.Generic
open CausalDebiasing.Cohorts

/// Code modalities with a vocabulary that comes from the training patients only: codes that at least five of them
/// have, the 511 most frequent, numbered from 1; one more stands for every other code.
module TrainingVocabulary =
    let private fewest = 5
    let private largest = 511

    /// From code to number; codes of equal frequency in their own order.
    let private numbers (train: Cohort) m =
        let slots = train.Modalities[m].Size
        let patients = Dictionary<int, HashSet<int64>>()

        for row in 0 .. train.Count - 1 do
            for i in row * slots .. (row + 1) * slots - 1 do
                let code = int ((train.Values m)[i])

                if code > 0 then
                    if not (patients.ContainsKey code) then
                        patients[code] <- HashSet()

                    patients[code].Add(train.Patients[row]) |> ignore

        patients
        |> Seq.filter (fun pair -> pair.Value.Count >= fewest)
        |> Seq.sortBy (fun pair -> -pair.Value.Count, pair.Key)
        |> Seq.truncate largest
        |> Seq.mapi (fun i pair -> pair.Key, i + 1)
        |> dict

    let private renumber (numbers: IDictionary<int, int>) slots (codes: float32[]) =
        codes
        |> Array.chunkBySize slots
        |> Array.collect (fun row ->
            let kept =
                row
                |> Array.filter (fun code -> code > 0f)
                |> Array.map (fun code ->
                    match numbers.TryGetValue(int code) with
                    | true, number -> float32 number
                    | _ -> float32 (numbers.Count + 1))
                |> Array.distinct

            Array.append kept (Array.zeroCreate (slots - kept.Length)))

    /// A map of cohorts with the training cohort's modalities to ones with the vocabulary of its patients.
    let fit (train: Cohort) : Cohort -> Cohort =
        let codes = [
            for m in 0 .. train.Modalities.Count - 1 do
                if train.Modalities[m].Kind = ModalityKind.Codes then
                    m, numbers train m
        ]

        if codes.IsEmpty then
            id
        else
            let vocabularies = dict codes

            let modalities = [|
                for m, modality in Seq.indexed train.Modalities ->
                    match vocabularies.TryGetValue m with
                    | true, numbers -> Modality.Codes(modality.Name, modality.Length, numbers.Count + 1)
                    | _ -> modality
            |]

            fun cohort ->
                Cohort(
                    modalities,
                    [|
                        for m in 0 .. modalities.Length - 1 ->
                            let values = cohort.Values(m).ToArray()

                            match vocabularies.TryGetValue m with
                            | true, numbers -> renumber numbers modalities[m].Length values
                            | _ -> values
                    |],
                    cohort.Mask.ToArray(),
                    cohort.Labels.ToArray(),
                    cohort.Sites.ToArray(),
                    cohort.SiteNames,
                    cohort.Patients.ToArray()
                )
