namespace CausalDebiasing.Bench.Reporting

open CausalDebiasing.Bench.Evidence

/// Files of verdicts that need nothing but observations.
module EvidenceFiles =
    /// Name and Markdown; empty where nothing is judged.
    let all observations = [
        "clinical.md",
        (match ClinicalComparison.all observations with
         | [] -> ""
         | comparisons -> ClinicalTable.markdown comparisons)
        "regimes.md", RegimeTable.markdown (RegimeVerdict.all observations)
        "remedies.md", RemedyTable.markdown (RemedyComparison.all observations)
    ]
