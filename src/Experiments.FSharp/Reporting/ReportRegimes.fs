namespace CausalDebiasing.Bench.Reporting

open CausalDebiasing.Bench.Evidence
open Giraffe.ViewEngine

/// The sections on the kinds of bias whose targets were fixed beforehand: what the recommended options reach in them, and
/// the field's remedies beside them. Folded where the run has nothing for them.
module ReportRegimes =
    open ReportParts

    let private folded title absent hasRows rows content =
        details (if hasRows then [ flag "open" ] else []) [
            summary [] [ str title ]
            if hasRows then yield! content rows else p [] [ str absent ]
        ]

    /// A row for each regime that was run.
    let regimes (verdicts: RegimeVerdict list) =
        section "regimes" "Regimes" [
            folded
                "Targets of the recommended options by kind of bias"
                "No regime was run plain, recommended and with the augmented ceiling: `reproduce --profile evidence` runs them."
                (not verdicts.IsEmpty)
                verdicts
                (fun verdicts -> [
                    p [] [ str (RegimeTable.summary verdicts) ]
                    dataTable
                        "Regimes and their targets"
                        RegimeTable.columns
                        (List.map (RegimeTable.row >> TableRow.always) verdicts)
                    p [ _class "small" ] [ str RegimeTable.note ]
                ])
        ]

    /// A row for each regime and baseline, a column for each remedy.
    let remedies (comparisons: RemedyComparison list) =
        section "remedies" "Remedies" [
            folded
                "Recommended beside other remedies for bias"
                "No regime with a bias was run with other remedies than the recommended options."
                (not comparisons.IsEmpty)
                comparisons
                (fun comparisons -> [
                    dataTable
                        "Remedies by regime and baseline"
                        (RemedyTable.columns comparisons)
                        (RemedyTable.rows comparisons
                         |> List.map (fun (baseline, cells) -> {
                             TableRow.always cells with
                                 Baseline = baseline
                         }))
                    p [ _class "small" ] [ str (RemedyTable.note comparisons) ]
                ])
        ]
