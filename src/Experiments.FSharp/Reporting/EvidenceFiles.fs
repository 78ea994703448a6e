namespace CausalDebiasing.Bench.Reporting

open CausalDebiasing.Bench.Evidence

/// Files of the verdicts that need nothing but observations.
module EvidenceFiles =
    /// Name and Markdown, which ends with the results version; empty where nothing is judged.
    let all version comparisons regimes remedies =
        [
            "clinical.md",
            (match comparisons with
             | [] -> ""
             | comparisons -> ClinicalTable.markdown comparisons)
            "regimes.md", RegimeTable.markdown regimes
            "remedies.md", RemedyTable.markdown remedies
        ]
        |> List.map (fun (name, text) ->
            name,
            if text = "" then
                ""
            else
                $"{text.TrimEnd()}\n\n{DocumentTables.ofVersion version}\n")

    /// The same of the verdicts on observations.
    let ofTable (table: EvidenceTable) =
        all
            table.ResultsVersion
            (ClinicalComparison.all table.Observations)
            (RegimeVerdict.all table.Observations)
            (RemedyComparison.all table.Observations)
