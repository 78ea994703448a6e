namespace CausalDebiasing.Bench.Audit

open CausalDebiasing.Debiasing
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Reporting

/// What an audit says, for console and page alike.
module AuditText =
    open AuditSection

    let private mask (report: AuditReport) = {
        Id = "mask"
        Title = "What does the mask alone tell?"
        Sentences = [
            match report.Findings.Mask with
            | None -> "All patients have the same modalities: the mask tells nothing."
            | Some mask ->
                let verdict =
                    if mask.Gain.Low > 0. then
                        "the mask adds to what the values tell"
                    elif mask.Gain.High < ClaimCatalog.harmMargin then
                        "beside the values the mask adds nothing that counts"
                    else
                        "whether the mask adds to the values is not clear"

                $"Knowing only what was measured, and no value, ranks patients with AUROC {NumberText.level mask.Mask} (0.5 is nothing); the values reach {NumberText.level mask.Values}, both together {NumberText.level mask.Both}, a difference of {NumberText.interval mask.Gain}: {verdict}."
        ]
        Tables = []
    }

    let private candidate index (one: PracticeFinding) =
        if one.Kinds = 1 then
            $"Search {index + 1}: no kinds of patients were found that no column records."
        else
            let evidence =
                listed [
                    $"held-out evidence {one.Z:F1} standard errors where 3 are asked for"
                    $"{one.ZOverStates.GetValueOrDefault nan:F1} beyond mere correlation where 2 are asked for"
                    $"shown by {one.ModalitiesApart} modalities where 2 are asked for"
                    $"one recorded column tells them with AUROC {one.Recorded.GetValueOrDefault nan:F2}"
                    $"p that sites do not differ in how they go with the outcome {p one.SitesP}"
                ]

            let verdict =
                match one.Doubt with
                | Null when one.IsTakenOut -> "Taken for practice."
                | Null -> "Left in for what taking it out costs."
                | NonNull doubt -> $"Left in: {doubt}."

            $"Search {index + 1}: {one.Kinds} kinds of patients that no column records ({evidence}). {verdict}"

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

                yield! List.mapi candidate found.Candidates
                yield! found.Warnings
            ]
            Tables = []
        }

    let private replicateWord wrapping =
        if wrapping.IsBySite then "site left out" else "fold"

    let private variantWord variant =
        if variant = Wrapping.recommended then
            "Recommended"
        else
            "interventional"

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
        MeasuredSection.answer report
        mask report
        confounder report
        LossSection.answer report
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
