namespace CausalDebiasing.Bench.Audit

open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Reporting

/// How much does a plain model lose at a left-out site, and why?
module LossSection =
    open AuditSection

    let private percent = NumberText.percent

    let private meanOver (losses: SiteLoss list) pick =
        losses
        |> List.map (fun (loss: SiteLoss) -> (pick loss: Estimate).Mean)
        |> Statistics.estimate

    let private lossTable title pick (losses: SiteLoss list) = {
        Title = title
        Columns = [
            "site left out", false
            "rows", true
            "shared x", true
            "shared x, r", true
            "elsewhere", true
            "there", true
            "change", true
            "case mix", true
            "measuring", true
            "outcome", true
        ]
        Rows = [
            for loss in losses do
                let split: LossSplit = pick loss

                yield [
                    loss.Site
                    string loss.Rows
                    percent loss.SharedMix
                    percent loss.SharedMeasuring + (if loss.IsThin then " (thin)" else "")
                    NumberText.number split.AtHome.Mean
                    NumberText.number split.There.Mean
                    NumberText.interval split.Change
                    NumberText.interval split.CaseMix
                    NumberText.interval split.Measuring
                    NumberText.interval split.Outcome
                ]
            if losses.Length > 1 then
                let mean part =
                    meanOver losses (pick >> part) |> NumberText.interval

                yield [
                    "mean over sites"
                    ""
                    ""
                    ""
                    ""
                    ""
                    mean _.Change
                    mean _.CaseMix
                    mean _.Measuring
                    mean _.Outcome
                ]
        ]
    }

    let private clearParts (split: LossSplit) =
        [
            "case mix", split.CaseMix
            "measuring", split.Measuring
            "outcome", split.Outcome
        ]
        |> List.filter (fun (_, part) -> part.Low > 0. || part.High < 0.)
        |> List.map (fun (name, part) -> $"{name} {NumberText.interval part}")

    /// The answer.
    let answer (report: AuditReport) =
        let losses = report.Findings.Losses

        {
            Id = "loss"
            Title = "How much does a plain model lose at a left-out site, and why?"
            Sentences = [
                match losses with
                | [] when not report.Findings.HasSites -> "There is one site: nothing can be left out."
                | [] ->
                    "No site has ten patients with and ten without the outcome, with as many elsewhere: none can be left out."
                | losses ->
                    let mean pick =
                        meanOver losses (fun loss -> pick loss.Auroc) |> NumberText.interval

                    $"Logistic regression changes its AUROC by {mean _.Change} at a site that it was not trained on, mean over {losses.Length} sites: {mean _.CaseMix} since patients differ (case mix), {mean _.Measuring} since others are measured, {mean _.Outcome} since outcome and further values follow otherwise."

                    for loss in
                        losses
                        |> List.sortBy (fun loss -> loss.Auroc.Change.Mean)
                        |> List.truncate shown do
                        let parts =
                            match clearParts loss.Auroc with
                            | [] -> "no part is clearly apart from zero"
                            | parts -> "clearly apart from zero: " + listed parts

                        let thin =
                            if loss.IsThin then
                                "; little is shared, so that the parts are not to be relied on"
                            else
                                ""

                        $"{loss.Site}: {NumberText.interval loss.Auroc.Change}; {parts}{thin}."
            ]
            Tables = [
                if not losses.IsEmpty then
                    lossTable
                        "Change of AUROC at a site left out of training (negative: worse), in three parts on what both share: P(x), P(r | x), and P(y | x, r) with the values that are not x. 95 % bootstrap intervals over patients, the model held as it is; of the mean over sites."
                        _.Auroc
                        losses

                    lossTable "The same of log loss (positive: worse)." _.LogLoss losses
            ]
        }
