namespace CausalDebiasing.Bench.Reporting

open CausalDebiasing.Bench.Evidence

/// Files of the verdicts that need nothing but observations.
module EvidenceFiles =
    /// Name and Markdown; empty where nothing is judged.
    let all comparisons regimes remedies = [
        "clinical.md",
        (match comparisons with
         | [] -> ""
         | comparisons -> ClinicalTable.markdown comparisons)
        "regimes.md", RegimeTable.markdown regimes
        "remedies.md", RemedyTable.markdown remedies
    ]

    /// The same of the verdicts on observations.
    let ofObservations observations =
        all
            (ClinicalComparison.all observations)
            (RegimeVerdict.all observations)
            (RemedyComparison.all observations)
