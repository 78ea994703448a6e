namespace CausalDebiasing.Bench.Datasets

open System.Linq
open CausalDebiasing.Cohorts

/// Size and event rate of one site.
type SiteSummary = {
    Site: string
    Rows: int
    Prevalence: float
}

/// How often a modality is missing and how the event rate differs by that; NaN for an empty group.
type ModalitySummary = {
    Modality: string
    /// Share of rows without it, in [0, 1].
    MissingRate: float
    PrevalenceObserved: float
    PrevalenceMissing: float
}

/// The aggregate description of a cohort that goes with every result; it holds no patient-level value.
type CohortCard = {
    Dataset: string
    Patients: int
    Rows: int
    Events: int
    /// What was left out, by reason.
    Excluded: Map<string, int>
    Sites: SiteSummary list
    Modalities: ModalitySummary list
}

module CohortCard =
    let private prevalence (labels: float32 list) =
        if labels.IsEmpty then
            nan
        else
            labels |> List.averageBy float

    /// Counts the cohort; `excluded` comes from whoever read it.
    let ofCohort dataset excluded (cohort: Cohort) =
        let labels = cohort.Labels.ToArray()
        let sites = cohort.Sites.ToArray()
        let rows = [ 0 .. cohort.Count - 1 ]

        let where condition =
            rows |> List.filter condition |> List.map (fun row -> labels[row])

        {
            Dataset = dataset
            Patients = cohort.Patients.ToArray().Distinct().Count()
            Rows = cohort.Count
            Events = labels |> Array.filter ((=) 1f) |> Array.length
            Excluded = excluded
            Sites = [
                for site, name in Seq.indexed cohort.SiteNames do
                    let members = where (fun row -> sites[row] = site)

                    {
                        Site = name
                        Rows = members.Length
                        Prevalence = prevalence members
                    }
            ]
            Modalities = [
                for m, modality in Seq.indexed cohort.Modalities do
                    let missing = where (fun row -> not (cohort.IsObserved(row, m)))

                    {
                        Modality = modality.Name
                        MissingRate = float missing.Length / float cohort.Count
                        PrevalenceObserved = prevalence (where (fun row -> cohort.IsObserved(row, m)))
                        PrevalenceMissing = prevalence missing
                    }
            ]
        }
