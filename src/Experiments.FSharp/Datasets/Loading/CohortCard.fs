namespace CausalDebiasing.Bench.Datasets

open System.Linq
open CausalDebiasing.Cohorts
open CausalDebiasing.Metrics

/// Rows that were left out for one reason, after the steps before it.
type Exclusion = { Reason: string; Rows: int }

/// Size and event rate of one site.
type SiteSummary = {
    Site: string
    Patients: int
    Rows: int
    Prevalence: float
}

/// Size and event rate of one part of the split; where the split is random, that of seed 1.
type PartSummary = {
    /// "training", "validation" or "test".
    Part: string
    Patients: int
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
    /// In the order in which the rows were left out; with `Rows` they add up to the rows that were read.
    Exclusions: Exclusion list
    /// Modalities that the data set could have and this copy of it has not, each with the reason.
    Absent: string list
    /// Values that were set missing because they are implausible.
    ImplausibleValues: int
    Sites: SiteSummary list
    Parts: PartSummary list
    Modalities: ModalitySummary list
    /// AUROC of what the missingness pattern alone tells about the outcome; see `CohortCard.maskAuroc`.
    MaskAuroc: float
}

module CohortCard =
    let private folds = 5
    let private pseudoRows = 5.

    let private prevalence (labels: float32 list) =
        if labels.IsEmpty then
            nan
        else
            labels |> List.averageBy float

    let private patients (cohort: Cohort) =
        cohort.Patients.ToArray().Distinct().Count()

    /// AUROC of the event rate of the row's missingness pattern among the other patients: five folds by patient,
    /// rates shrunk to the overall rate by five pseudo-rows. NaN when there is one outcome only.
    let maskAuroc (cohort: Cohort) =
        let labels = cohort.Labels.ToArray()
        let order = cohort.Patients.ToArray() |> Array.distinct |> Array.sort

        let fold =
            let ranks = order |> Array.mapi (fun rank patient -> patient, rank) |> dict
            cohort.Patients.ToArray() |> Array.map (fun patient -> ranks[patient] % folds)

        let overall = cohort.Prevalence
        let rows = [| 0 .. cohort.Count - 1 |]

        let groups =
            rows
            |> Array.groupBy (fun row -> fold[row], cohort.Pattern row)
            |> Array.map (fun (key, rows) ->
                key, (float rows.Length, rows |> Array.sumBy (fun row -> float labels[row])))
            |> Map.ofArray

        let score row =
            let others =
                [ 0 .. folds - 1 ]
                |> List.filter ((<>) fold[row])
                |> List.choose (fun other -> Map.tryFind (other, cohort.Pattern row) groups)

            let rowsOf, events = List.sumBy fst others, List.sumBy snd others
            float32 ((events + pseudoRows * overall) / (rowsOf + pseudoRows))

        let scores: float32[] = Array.map score rows
        Auroc.Compute(labels, scores)

    let private sites (cohort: Cohort) = [
        let of' = cohort.Sites.ToArray()

        for site, name in Seq.indexed cohort.SiteNames do
            let rows = [| 0 .. cohort.Count - 1 |] |> Array.filter (fun row -> of'[row] = site)

            let members = cohort.Select rows

            {
                Site = name
                Patients = patients members
                Rows = members.Count
                Prevalence = if members.Count = 0 then nan else members.Prevalence
            }
    ]

    let private parts (split: PatientSplit) = [
        for name, part in [ "training", split.Train; "validation", split.Validation; "test", split.Test ] do
            {
                Part = name
                Patients = patients part
                Rows = part.Count
                Prevalence = if part.Count = 0 then nan else part.Prevalence
            }
    ]

    let private modality (cohort: Cohort) (m: int, modality: Modality) =
        let observed, missing =
            [ 0 .. cohort.Count - 1 ]
            |> List.partition (fun row -> cohort.IsObserved(row, m))

        let rate = List.map (fun row -> cohort.Labels[row]) >> prevalence

        {
            Modality = modality.Name
            MissingRate = float missing.Length / float cohort.Count
            PrevalenceObserved = rate observed
            PrevalenceMissing = rate missing
        }

    /// Counts the cohort; what was left out comes from whoever read it.
    let ofCohort dataset exclusions absent implausible split (cohort: Cohort) = {
        Dataset = dataset
        Patients = patients cohort
        Rows = cohort.Count
        Events = cohort.Labels.ToArray() |> Array.filter ((=) 1f) |> Array.length
        Exclusions = exclusions
        Absent = absent
        ImplausibleValues = implausible
        Sites = sites cohort
        Parts = parts (DatasetSplit.replicate dataset 1 split cohort)
        Modalities = cohort.Modalities |> Seq.indexed |> Seq.map (modality cohort) |> List.ofSeq
        MaskAuroc = maskAuroc cohort
    }

    /// Groups smaller than this are not published on their own.
    let smallestCell = 10

    let private rate rows (share: float) =
        let events = int (round (share * float rows))

        if rows < smallestCell || events > 0 && events < smallestCell then
            nan
        else
            share

    /// Steps that leave out few rows are counted together with a neighbour; those that leave out none come last.
    let private mergeExclusions (exclusions: Exclusion list) =
        let idle, steps = exclusions |> List.partition (fun step -> step.Rows = 0)
        let isSmall (step: Exclusion) = step.Rows < smallestCell

        let merged =
            (steps, [])
            ||> List.foldBack (fun (step: Exclusion) merged ->
                match merged with
                | next :: rest when isSmall step || isSmall next ->
                    {
                        next with
                            Reason = $"{step.Reason}; {next.Reason}"
                            Rows = step.Rows + next.Rows
                    }
                    :: rest
                | _ -> step :: merged)

        merged @ idle

    /// Small sites are taken together; one alone with the smallest of the others, as it would follow from the whole.
    let private mergeSites (sites: SiteSummary list) =
        let join name large (small: SiteSummary list) =
            let rows = small |> List.sumBy _.Rows

            large
            @ [
                {
                    Site = name
                    Patients = small |> List.sumBy _.Patients
                    Rows = rows
                    Prevalence =
                        (small |> List.sumBy (fun site -> site.Prevalence * float site.Rows))
                        / float rows
                }
            ]

        match sites |> List.partition (fun site -> site.Patients >= smallestCell) with
        | _, [] -> sites
        | [], [ _ ] -> sites
        | large, [ one ] ->
            let next = large |> List.minBy _.Patients

            join $"2 sites, one with fewer than {smallestCell} patients" (List.except [ next ] large) [
                one
                next
            ]
        | large, small -> join $"{small.Length} sites with fewer than {smallestCell} patients" large small

    /// The rates of groups that together are a known whole, by rows and share. Where one alone is not published, that of the next
    /// smallest is not either, from which it would follow.
    let private rates (groups: (int * float) list) =
        let own = groups |> List.map (fun (rows, share) -> rate rows share)

        let published, hidden =
            List.zip groups own
            |> List.indexed
            |> List.filter (fun (_, ((rows, _), _)) -> rows > 0)
            |> List.partition (fun (_, (_, own)) -> not (System.Double.IsNaN own))

        match published, hidden with
        | _ :: _, [ _ ] ->
            let next, _ = published |> List.minBy (fun (_, ((rows, _), _)) -> rows)
            List.updateAt next nan own
        | _ -> own

    /// The card as it may be shown: event rates of groups with fewer than ten rows, or with one to nine events, are NaN;
    /// small sites are taken together, and so are steps that leave out fewer than ten rows.
    let publish card = {
        card with
            Exclusions = mergeExclusions card.Exclusions
            Sites =
                let sites = mergeSites card.Sites

                (sites, rates [ for site in sites -> site.Rows, site.Prevalence ])
                ||> List.map2 (fun site own -> { site with Prevalence = own })
            Parts = [
                for part in card.Parts ->
                    {
                        part with
                            Prevalence = rate part.Rows part.Prevalence
                    }
            ]
            Modalities = [
                for modality in card.Modalities ->
                    let missing = int (round (modality.MissingRate * float card.Rows))

                    let observed = card.Rows - missing

                    match
                        rates [ observed, modality.PrevalenceObserved; missing, modality.PrevalenceMissing ]
                    with
                    | [ observed; missing ] -> {
                        modality with
                            PrevalenceObserved = observed
                            PrevalenceMissing = missing
                      }
                    | _ -> modality
            ]
    }
