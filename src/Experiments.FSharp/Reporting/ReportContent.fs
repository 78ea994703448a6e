namespace CausalDebiasing.Bench.Reporting

open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Planning

/// Everything that the report shows.
type ReportContent = {
    /// Of the run's folder.
    Name: string
    /// Name and value: command, profile, selection rule, machine, versions.
    Environment: (string * string) list
    Results: (string * CellResult) list
    Observations: Observation list
    Judgements: Judgement list
    Gains: GainRow list
    Ranks: RankTable option
    Trends: TrendRow list
    BaselineTables: BaselineTable list
    ClinicalTables: ClinicalTable list
    Regimes: RegimeVerdict list
    Remedies: RemedyComparison list
    Tuned: TunedRow list
    Figures: WrittenFigure list
    Patients: PatientEvidence
}

module ReportContent =
    /// What the run has of something, once each and in order.
    let distinct pick (content: ReportContent) =
        content.Results |> List.map (snd >> pick) |> List.distinct |> List.sort

    /// Every cell once: a result that several experiments or conditions share, and each skipped cell, which has no identity.
    let cells (content: ReportContent) =
        content.Results
        |> List.map snd
        |> List.distinctBy (fun result ->
            if result.CellId = "" then
                Error result.Cell
            else
                Ok result.CellId)
