/// The forest of what a plain model loses at each site that was left out, by part.
module CausalDebiasing.Bench.Audit.LossFigure

open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Reporting

let private row site label (gain: Estimate) = {
    Dataset = site
    Label = label
    IsRecorded = true
    IsPart = false
    Condition = ""
    Baselines = 1
    Gain = gain
}

/// As HTML.
let render (losses: SiteLoss list) =
    let rows = [
        for loss in losses do
            row loss.Site "change" loss.Auroc.Change
            row loss.Site "case mix, P(x)" loss.Auroc.CaseMix
            row loss.Site "measuring, P(r | x)" loss.Auroc.Measuring
            row loss.Site "outcome, P(y | x, r)" loss.Auroc.Outcome
    ]

    ReportOverview.forestTable
        (ReportOverview.range rows)
        "What a plain model loses at a left-out site, AUROC"
        rows
