namespace CausalDebiasing.Bench.Audit

open System
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Reporting

/// Who is measured?
module MeasuredSection =
    open AuditSection

    let private ratio (estimate: Estimate) =
        if Double.IsNaN estimate.Mean then
            "-"
        else
            $"{estimate.Mean:F2} [{estimate.Low:F2}, {estimate.High:F2}]"

    let private percent = NumberText.percent

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

    /// The answer.
    let answer (report: AuditReport) =
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
