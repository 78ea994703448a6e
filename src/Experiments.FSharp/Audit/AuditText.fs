namespace CausalDebiasing.Bench.Audit

open System
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Reporting

/// A table of an audit; columns as (title, is a number).
type AuditTable = {
    Title: string
    Columns: (string * bool) list
    Rows: string list list
}

/// A question with its answer in plain words.
type AuditSection = {
    Id: string
    Title: string
    Sentences: string list
    Tables: AuditTable list
}

/// What an audit says, for console and page alike.
module AuditText =
    let private ratio (estimate: Estimate) =
        if Double.IsNaN estimate.Mean then
            "-"
        else
            $"{estimate.Mean:F2} [{estimate.Low:F2}, {estimate.High:F2}]"

    let private p value =
        if Double.IsNaN value then "-" else NumberText.pValue value

    let private percent = NumberText.percent
    let private shown = 3

    let private listed (items: string list) = String.concat ", " items

    let private strength (estimate: Estimate) =
        let fold = exp (abs (log estimate.Mean))

        if fold >= Advice.strong then "strongly"
        elif fold >= Advice.weak then "somewhat"
        else "hardly"

    let private strongest (pick: Dependence -> Estimate) (found: Dependence list) =
        found |> List.sortByDescending (fun one -> abs (log (pick one).Mean))

    let private basis (report: AuditReport) =
        let names = listed report.Always

        if report.Always.IsEmpty then
            "No modality holds numbers, so that severity is not known."
        elif report.IsAlwaysSeen then
            $"Severity is what {names} tell of the outcome, which at least {percent RecordedValues.nearlyAll} of the patients of every site have; the mean stands for gaps."
        else
            $"Nothing is observed in {percent RecordedValues.nearlyAll} of the patients of every site: severity is what {names} tells of the outcome, which most have, and the mean stands for gaps (imputation). Part of what measuring does is then taken for case mix."

    let private measured (report: AuditReport) =
        let found = report.Findings.Measured

        let linked =
            found
            |> List.filter Advice.isLinked
            |> strongest _.Outcome
            |> List.truncate shown

        let bySeverity =
            found
            |> List.filter (fun one -> one.SeverityP < Advice.level && strength one.Severity <> "hardly")
            |> strongest _.Severity
            |> List.truncate shown

        let bySite =
            found
            |> List.filter (fun one -> one.SiteP < Advice.level && one.HighestSite - one.LowestSite > 0.1)
            |> List.sortByDescending (fun one -> one.HighestSite - one.LowestSite)
            |> List.truncate shown

        {
            Id = "measured"
            Title = "Who is measured?"
            Sentences = [
                if found.IsEmpty then
                    "Nothing is missing, or in fewer than ten patients: who is measured tells nothing."
                else
                    if linked.IsEmpty then
                        "Outcome: beyond the recorded values and the site, no modality is measured more or less in patients with the outcome, or hardly so."
                    else
                        let each =
                            linked
                            |> List.map (fun one ->
                                $"{one.Modality} {strength one.Outcome} (odds times {ratio one.Outcome})")

                        $"Outcome: beyond the recorded values and the site, patients with the outcome have other odds of being measured: {listed each}."

                    if bySeverity.IsEmpty then
                        "Severity: who is measured hardly depends on it."
                    else
                        let each =
                            bySeverity
                            |> List.map (fun one ->
                                $"{one.Modality} {strength one.Severity} (odds times {ratio one.Severity} for one standard deviation)")

                        $"Severity: sicker patients have other odds of being measured: {listed each}."

                    if report.Findings.HasSites then
                        if bySite.IsEmpty then
                            "Site: who is measured hardly depends on it beyond values and outcome."
                        else
                            let each =
                                bySite
                                |> List.map (fun one ->
                                    $"{one.Modality} in {percent one.LowestSite} to {percent one.HighestSite} of the patients of a site")

                            $"Site: who is measured depends on it beyond values and outcome: {listed each}."
                    else
                        "Site: there is one."

                    basis report
            ]
            Tables = [
                if not found.IsEmpty then
                    {
                        Title =
                            "What decides about who has a modality. Odds ratios of having it, with 95 % intervals: for one standard deviation of severity, and for the outcome beyond the recorded values of the others and the site; p-values adjusted by Holm; at sites fewer than ten count as none; AUROC with which a logistic regression tells who has it, in patients it was not fitted on."
                        Columns = [
                            "modality", false
                            "missing", true
                            "severity", true
                            "p", true
                            "outcome", true
                            "p", true
                            "measured at sites", true
                            "p of site", true
                            "AUROC of values", true
                            "with outcome", true
                            "with site", true
                        ]
                        Rows = [
                            for one in found ->
                                [
                                    one.Modality
                                    percent one.MissingRate
                                    ratio one.Severity
                                    p one.SeverityP
                                    ratio one.Outcome
                                    p one.OutcomeP
                                    if Double.IsNaN one.LowestSite then
                                        "-"
                                    else
                                        $"{percent one.LowestSite} to {percent one.HighestSite}"
                                    p one.SiteP
                                    NumberText.number one.Auroc.Values
                                    NumberText.number one.Auroc.WithOutcome
                                    NumberText.number one.Auroc.WithSite
                                ]
                        ]
                    }
            ]
        }

    let private mask (report: AuditReport) = {
        Id = "mask"
        Title = "What does the mask alone tell?"
        Sentences = [
            match report.Findings.Mask with
            | None -> "All patients have the same modalities: the mask tells nothing."
            | Some mask ->
                let verdict =
                    if mask.Gain.Low > 0. then
                        "the mask tells more than the values do"
                    elif mask.Gain.High < ClaimCatalog.harmMargin then
                        "beside the values the mask adds nothing that counts"
                    else
                        "whether the mask adds to the values is not clear"

                $"Knowing only what was measured, and no value, ranks patients with AUROC {NumberText.level mask.Mask} (0.5 is nothing); the values reach {NumberText.level mask.Values}, both together {NumberText.level mask.Both}, a difference of {NumberText.interval mask.Gain}: {verdict}."
        ]
        Tables = []
    }

    let private candidate (one: Candidate) =
        if one.Kinds = 1 then
            $"Search {one.Number}: no kinds of patients were found that no column records."
        else
            let evidence =
                listed [
                    $"held-out evidence {one.Z:F1} standard errors where 3 are asked for"
                    $"{one.ZOverStates:F1} beyond mere correlation where 2 are asked for"
                    $"shown by {one.ShowsIn} modalities where 2 are asked for"
                    $"one recorded column tells them with AUROC {one.Recorded:F2}"
                    $"p that sites do not differ in how they go with the outcome {p one.SitesP}"
                ]

            let verdict =
                match one.Doubt with
                | None -> "Taken for practice."
                | Some doubt -> $"Left in: {doubt}."

            $"Search {one.Number}: {one.Kinds} kinds of patients that no column records ({evidence}). {verdict}"

    let private confounder (report: AuditReport) =
        let found = report.Findings.Confounder

        {
            Id = "confounder"
            Title = "Does a hidden confounder show?"
            Sentences = [
                if found.Taken > 0 then
                    $"Yes: {found.Taken} hidden practice, that is, patients are recorded in different ways, and the way goes with the outcome differently at different sites."
                elif found.Candidates |> List.exists (fun one -> one.Kinds > 1) then
                    "Not clearly: hidden kinds of patients were found, and not all evidence speaks for practice. They may be other patients rather than other recording."
                else
                    "None shows. One that changes gradually, or that all sites share, would not."

                yield! List.map candidate found.Candidates
                yield! found.Warnings
            ]
            Tables = []
        }

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

    let private loss (report: AuditReport) =
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

    let private replicateWord wrapping =
        if wrapping.IsBySite then "site left out" else "fold"

    let private variantWord =
        function
        | "recommended" -> "Recommended"
        | "recommended-interventional" -> "interventional"
        | other -> other

    let private wrapping (report: AuditReport) =
        let found = report.Findings.Wrapping
        let gain variant = Wrapping.overall variant found

        let where =
            if found.IsBySite then
                $"at {found.Replicates} sites left out in turn"
            else
                $"in {found.Replicates} folds of the same population, which says nothing about other places"

        {
            Id = "wrapping"
            Title = "What does wrapping gain or cost here?"
            Sentences = [
                let recommended, interventional =
                    gain Wrapping.recommended, gain Wrapping.interventional

                $"Mean over {listed QuickBaselines.all}, {where}: plain has AUROC {NumberText.number recommended.Plain}, Recommended {NumberText.number recommended.Wrapped} ({NumberText.interval recommended.Auroc}), interventional {NumberText.number interventional.Wrapped} ({NumberText.interval interventional.Auroc}). Log loss changes by {NumberText.interval recommended.LogLoss} and {NumberText.interval interventional.LogLoss} (negative is better)."
            ]
            Tables = [
                {
                    Title =
                        if found.IsBySite then
                            "Wrapped minus plain on the same patients; 95 % t-intervals over sites."
                        else
                            "Wrapped minus plain on the same patients; 95 % t-intervals over folds, for overlapping training sets."
                    Columns = [
                        "variant", false
                        "baseline", false
                        "plain", true
                        "wrapped", true
                        "AUROC", true
                        "log loss", true
                    ]
                    Rows = [
                        for gain in found.Gains ->
                            [
                                variantWord gain.Variant
                                gain.Baseline
                                NumberText.number gain.Plain
                                NumberText.number gain.Wrapped
                                NumberText.interval gain.Auroc
                                NumberText.interval gain.LogLoss
                            ]
                    ]
                }
                {
                    Title = "Recommended minus plain, AUROC, mean over baselines."
                    Columns = [ replicateWord found, false; "difference", true ]
                    Rows = [ for name, value in found.ByReplicate -> [ name; NumberText.signed value ] ]
                }
            ]
        }

    /// The advice in one line.
    let headline (advice: Advice) =
        let certainty =
            match advice.Certainty with
            | Clear -> "the evidence is clear"
            | Moderate -> "the evidence is moderate"
            | Thin -> "the evidence is thin"

        let choice =
            match advice.Choice with
            | Plain -> "Keep the plain model"
            | Either -> "Either: keep the plain model, or wrap it as Recommended"
            | Recommended -> "Wrap as Recommended"
            | Interventional -> "Wrap, with interventional predictions"

        $"{choice}; {certainty}."

    /// What was audited.
    let facts (report: AuditReport) = [
        $"{report.Rows} rows"
        $"{report.Patients} patients"
        $"{report.Findings.Events} events"
        $"{report.Modalities} modalities"
        if report.Findings.HasSites then
            $"{report.Findings.Sites} sites that can be left out"
        else
            "one site"
        if report.SitesLeftAside > 0 then
            $"{report.SitesLeftAside} more that cannot or were not"
    ]

    /// What must be said with all of it.
    let caveats (report: AuditReport) = [
        if report.Findings.Events < AuditData.fewEvents then
            $"Fewer than {AuditData.fewEvents} events: every answer is uncertain."
        "Associations, not effects: linear models, and what is recorded. No single patient's value is shown, and no group of fewer than ten."
    ]

    /// The questions with their answers.
    let sections report = [
        measured report
        mask report
        confounder report
        loss report
        wrapping report
    ]

    /// All of it for a console.
    let console (report: AuditReport) = [
        $"""{report.Name}: {String.concat ", " (facts report)}"""
        ""
        headline report.Advice
        yield! report.Advice.Reasons |> List.map (fun reason -> $"  - {reason}")

        if not report.Advice.Settle.IsEmpty then
            "What would settle it:"
            yield! report.Advice.Settle |> List.map (fun need -> $"  - {need}")

        for section in sections report do
            ""
            section.Title
            yield! section.Sentences |> List.map (fun sentence -> $"  {sentence}")

        ""
        yield! caveats report
    ]
