namespace CausalDebiasing.Bench.Datasets

open CausalDebiasing.Cohorts

module CohortValues =
    /// The cohort with the values of some of its modalities; of the others only the mask stays, and one zero stands for their
    /// values.
    let keep (isKept: Modality -> bool) (cohort: Cohort) =
        let kept = [| for modality in cohort.Modalities -> isKept modality |]

        Cohort(
            [|
                for m, modality in Seq.indexed cohort.Modalities ->
                    if kept[m] then
                        modality
                    else
                        Modality.Tabular(modality.Name, 1)
            |],
            [|
                for m in 0 .. kept.Length - 1 ->
                    if kept[m] then
                        cohort.Values(m).ToArray()
                    else
                        Array.zeroCreate cohort.Count
            |],
            cohort.Mask.ToArray(),
            cohort.Labels.ToArray(),
            cohort.Sites.ToArray(),
            cohort.SiteNames,
            cohort.Patients.ToArray()
        )
