namespace CausalDebiasing.Bench.Datasets

open System
open CausalDebiasing.Cohorts

/// What readers have in common when their rows become a cohort.
module CohortAssembly =
    /// The distinct names in ordinal order, the same in every culture.
    let distinctNames (names: string[]) =
        names
        |> Array.distinct
        |> Array.sortWith (fun a b -> String.CompareOrdinal(a, b))

    /// The patient of every row as a number: the position among the distinct names.
    let patientNumbers (names: string[]) =
        let numbers =
            distinctNames names
            |> Array.mapi (fun number name -> name, int64 number)
            |> dict

        names |> Array.map (fun name -> numbers[name])

    /// Whether there are rows with the event, 1, and rows without, 0.
    let hasBothOutcomes (labels: float32[]) =
        Array.contains 1f labels && Array.contains 0f labels

    /// The first modality that no row has.
    let tryNeverObserved (cohort: Cohort) =
        Seq.indexed cohort.Modalities
        |> Seq.tryFind (fun (m, _) ->
            not (Seq.exists (fun row -> cohort.IsObserved(row, m)) (seq { 0 .. cohort.Count - 1 })))
        |> Option.map snd

    /// The values of the kept rows.
    let private values (kept: int[]) (block: ModalityBlock) =
        let size = block.Modality.Size
        let values = Array.zeroCreate<float32>(kept.Length * size)

        for i in 0 .. kept.Length - 1 do
            Array.blit block.Values (kept[i] * size) values (i * size) size

        values

    /// The cohort of the kept rows of the blocks. Outcomes, sites by name, and patients are those of the kept rows.
    let cohort (blocks: ModalityBlock list) (kept: int[]) labels (siteNames: string[]) sites patients =
        let indices = siteNames |> Array.mapi (fun i site -> site, i) |> dict

        Cohort(
            [| for block in blocks -> block.Modality |],
            [| for block in blocks -> values kept block |],
            [|
                for row in kept do
                    for block in blocks -> block.Observed[row]
            |],
            labels,
            sites |> Array.map (fun (site: string) -> indices[site]),
            siteNames,
            patients
        )
