namespace CausalDebiasing.Bench.Datasets

open System
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime

/// What the tables of a YAIB cohort do not say, or not of every task.
type StayFacts = {
    Patient: string
    Site: string
    /// None: unknown.
    Outcome: bool option
}

/// From the tables of a YAIB cohort to a cohort: one row per stay, the first 24 hours. A stay is left out when its
/// outcome is unknown, then when nothing at all was observed.
module YaibCohort =
    let private hours = 24

    type private Row = {
        Facts: StayFacts
        Blocks: float32[][]
        Mask: bool[]
        Implausible: int
    }

    let private modalities representation = [|
        Modality.Tabular("demographics", YaibVariables.demographics.Length)
        for name, parameters in YaibVariables.series do
            SeriesFeatures.modality representation hours name parameters
    |]

    let private row representation facts (demographics: float32[]) (stay: YaibSeries) =
        let mutable start = 0

        let groups = [
            for _, parameters in YaibVariables.series do
                parameters, stay.Series[start .. start + parameters.Length - 1]
                start <- start + parameters.Length
        ]

        {
            Facts = facts
            Blocks = [|
                demographics
                for parameters, series in groups do
                    SeriesFeatures.block representation hours parameters series
            |]
            Mask = [|
                Array.exists (Single.IsNaN >> not) demographics
                for _, series in groups do
                    SeriesFeatures.isObserved series
            |]
            Implausible = stay.Implausible
        }

    let private assemble representation (rows: Row[]) =
        let modalities = modalities representation
        let sites = CohortAssembly.distinctNames (rows |> Array.map _.Facts.Site)

        Cohort(
            modalities,
            modalities |> Array.mapi (fun m _ -> rows |> Array.collect _.Blocks[m]),
            rows |> Array.collect _.Mask,
            rows |> Array.map (fun row -> if row.Facts.Outcome = Some true then 1f else 0f),
            rows |> Array.map (fun row -> Array.IndexOf(sites, row.Facts.Site)),
            sites,
            CohortAssembly.patientNumbers (rows |> Array.map _.Facts.Patient)
        )

    let private checkUsable (folder: string) (cohort: Cohort) =
        if not (CohortAssembly.hasBothOutcomes (cohort.Labels.ToArray())) then
            TableError.refuse
                folder
                $"the {cohort.Count} stays with a known outcome do not have both outcomes"
                "export a task with both"

        match CohortAssembly.tryNeverObserved cohort with
        | Some modality ->
            TableError.refuse
                folder
                $"modality '{modality.Name}' is never observed in the first {hours} hours"
                "restore the exported files"
        | None -> ()

    /// Reads the tables. `facts` are asked for once per stay. Raises InputException when tables are malformed or do
    /// not agree, all outcomes are equal, or a modality is never observed.
    let prepare
        representation
        (folder: string)
        files
        (facts: int64 -> StayFacts)
        contentHash
        : PreparedCohort =
        let stays = YaibFiles.readStatic files.Static
        let series = YaibFiles.readDynamic files.Dynamic hours stays

        let all = [| for stay in stays -> stay, facts stay.Key |]

        let known =
            all
            |> Array.filter (fun (_, facts) -> facts.Outcome.IsSome)
            |> Array.map (fun (stay, facts) -> row representation facts stay.Value (series stay.Key))

        let observed = known |> Array.filter (fun row -> Array.contains true row.Mask)

        if observed.Length = 0 then
            TableError.refuse
                folder
                "every stay misses every modality or its outcome"
                "restore the exported files"

        let cohort = assemble representation observed
        checkUsable folder cohort

        {
            Cohort = cohort
            Exclusions = [
                {
                    Reason = "outcome unknown"
                    Rows = all.Length - known.Length
                }
                {
                    Reason = "no modality observed"
                    Rows = known.Length - observed.Length
                }
            ]
            Absent = []
            ImplausibleValues = observed |> Array.sumBy _.Implausible
            Split = None
            Groups = []
            ContentHash = contentHash
        }
