namespace CausalDebiasing.Bench.Reporting

open System
open System.Text.RegularExpressions
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Measures
open CausalDebiasing.Bench.Planning

/// A model card (Mitchell and others, FAT* 2019) of the models of a run on recorded data: what the run knows, and marks for what only the
/// author does.
module ModelCard =
    open StudyFacts
    open Checklist

    let private isWrapped source =
        List.contains (Variant.name Variant.recommended) (variants source)

    let private subgroupKinds (source: StudySource) =
        source.Findings
        |> List.collect (fun own -> own.Recommended.Subgroups |> List.map _.Kind)
        |> List.distinct

    /// Numbers within a warning differ from fit to fit.
    let private withoutNumbers (text: string) =
        Regex.Replace(text, @" \(-?[\d.]+ standard errors\)", "")

    let private mostWarnings = 8

    /// What fits warned of, the most frequent first.
    let private warnings (source: StudySource) =
        let fits =
            source.Results
            |> List.filter (fun result -> result.Status = Done)
            |> List.choose (fun result ->
                Map.tryFind "warnings" result.Diagnostics
                |> Option.map (fun text -> Variant.name result.Cell.Variant, withoutNumbers text))
            |> List.countBy id
            |> List.sortBy (fun (text, count) -> -count, text)

        let wrapped =
            source.Results
            |> List.filter (fun result -> result.Status = Done && result.Cell.Variant <> Variant.plain)

        [
            for (variant, text), count in List.truncate mostWarnings fits do
                $"""{ReportParts.plural count "fit"} of {variant}: {text}"""
            if fits.Length > mostWarnings then
                $"{fits.Length - mostWarnings} other texts are in the results of the cells"
            if fits.IsEmpty && not wrapped.IsEmpty then
                $"""none of {ReportParts.plural wrapped.Length "fit"} of wrapped models"""
        ]

    let private widestGaps (source: StudySource) = [
        for own in source.Findings do
            for plain, wrapped in List.zip own.Plain.Subgroups own.Recommended.Subgroups do
                if not (Double.IsNaN wrapped.WorstAurocGap) then
                    $"{own.Data.Dataset}, {own.Baseline}, by {wrapped.Kind}: AUROC up to {NumberText.number plain.WorstAurocGap} apart plain, {NumberText.number wrapped.WorstAurocGap} recommended"
    ]

    let private recalibration (source: StudySource) = [
        for own in source.Findings do
            match own.BeforeRecalibration with
            | Some before ->
                $"{own.Data.Dataset}, {own.Baseline}: slope {PatientNumbers.measured before.Slope} before and {PatientNumbers.measured own.Recommended.Calibration.Slope} after"
            | None -> ()
    ]

    let private failures (source: StudySource) =
        source.Results
        |> List.filter (fun result -> result.Status <> Done)
        |> List.countBy (fun result -> CellRow.statusName result.Status)
        |> List.map (fun (status, count) -> $"""{ReportParts.plural count "cell"} {status}""")

    /// Of each section the items in order.
    let sections: (string * ChecklistItem list) list = [
        "Model details",
        [
            item "1.1" "models" (fun source ->
                Filled(baselines source |> List.map BaselineSource.cite |> listed))
            item "1.2" "variants" (fun source ->
                Filled(
                    listed (variants source)
                    + (if isWrapped source then
                           "; 'recommended' adjusts for missingness patterns, takes out hidden practice where there is evidence of it, and recalibrates"
                       else
                           "")
                ))
            item "1.3" "version" (fun source ->
                match suite source with
                | Some suite -> Filled $"{suite}, results version {CellId.resultsVersion}"
                | None -> Author "version")
            item "1.4" "date" (fun source ->
                match known "EndedUtc" source with
                | Some moment -> Filled("fitted until " + Array.head (moment.Split 'T'))
                | None -> Author "date")
            item "1.5" "hyper-parameters and selection" (fun source ->
                let selection =
                    known "Selection" source |> Option.defaultValue "validation rows of training"

                Filled $"{tuned source}; the epoch of a network is chosen by {selection}")
            item "1.6" "licence" (fun _ ->
                Partly(
                    "code under the MIT licence",
                    "licence of fitted models, which the licence of the data may bind"
                ))
            author "1.7" "who is responsible, and where to ask"
        ]
        "Intended use",
        [
            item "2.1" "what it was made for" (fun source ->
                Partly(
                    $"""comparing {ReportParts.plural (baselines source).Length "kind"} of prediction model, plain and debiased, on {perCard source _.Title}""",
                    "primary intended use and users, and the decision that a prediction serves"
                ))
            item "2.2" "what it was not made for" (fun _ ->
                Partly(
                    "no model of this run was tried in care: none is meant to decide on a patient without a study of its own at the place of use",
                    "further uses that are out of scope"
                ))
        ]
        "Factors",
        [
            item "3.1" "groups that were looked at apart" (fun source ->
                match subgroupKinds source with
                | [] -> Author "groups that were looked at apart"
                | kinds -> Partly(listed kinds, "groups that the data do not record"))
            item "3.2" "sites" (fun source ->
                Filled(
                    perCard source (fun data ->
                        let sites =
                            data.Card.Sites |> List.map (fun own -> $"{own.Site} {own.Patients} patients")

                        listed sites)
                ))
            item "3.3" "what is measured" (fun source ->
                Filled(
                    perCard source (fun data ->
                        data.Card.Modalities
                        |> List.map (fun own -> $"{own.Modality} missing in {percent own.MissingRate}")
                        |> listed)
                ))
        ]
        "Metrics",
        [
            item "4.1" "measures" (fun _ ->
                let thresholds = Classification.thresholds |> List.map percent |> listed

                Filled
                    $"AUROC, observed over expected, calibration intercept and slope, net benefit at {thresholds}, with 95 %% intervals over patients; differences are paired")
            item "4.2" "thresholds" (fun _ -> Author "the threshold of the use intended, and why")
        ]
        "Data",
        [
            item "5.1" "training data" (fun source ->
                let rows =
                    source.Results
                    |> List.filter (fun result -> result.TrainRows > 0)
                    |> List.map (fun result -> result.Cell.Data.Dataset, result.TrainRows)
                    |> List.distinct
                    |> List.sort
                    |> List.map (fun (dataset, rows) -> $"{dataset}: {rows} training rows")

                orAuthor "training data" rows)
            item "5.2" "evaluation data" (sizes >> orAuthor "evaluation data")
            item "5.3" "division" (fun source -> Filled(divisions source))
            item "5.4" "outcome" (fun source ->
                Partly(
                    perCard source (fun data ->
                        $"{data.Card.Events} of {data.Card.Rows} rows of {data.Card.Patients} patients have the event"),
                    "definition of the outcome, and when it is known"
                ))
            item "5.5" "what was left out" (fun source ->
                Filled(perCard source (leftOut "no row" (fun own -> $"{own.Rows} rows: {own.Reason}"))))
            item "5.6" "what the missingness pattern tells" (fun source ->
                Filled(
                    perCard source (fun data ->
                        $"alone it has AUROC {NumberText.number data.Card.MaskAuroc}")
                ))
        ]
        "Results",
        [
            item "6.1" "ranking and calibration with intervals" (fun source ->
                source.Findings
                |> List.map measuredLevel
                |> orAuthor "results with intervals over patients: predictions were not kept")
            item "6.2" "AUROC by setting, over replicates" (levels >> orAuthor "AUROC")
            item
                "6.3"
                "recalibration"
                (recalibration >> orAuthor "calibration before recalibration: it was not kept")
            item "6.4" "widest gaps between groups" (widestGaps >> orAuthor "gaps between groups")
        ]
        "Limits and warnings",
        [
            item
                "7.1"
                "what the fits warned of"
                (warnings >> orAuthor "whether fits warned: no wrapped model was fitted")
            item "7.2" "limits of the numbers" (fun source ->
                Partly(
                    joined (
                        "results on recorded data are associations under natural missingness, not causal effects"
                        :: caveats source
                        @ failures source
                    ),
                    "limits of the source and of the use intended"
                ))
            item "7.3" "when to look again" (fun _ ->
                Filled
                    "where what is measured, or how, changes: 'CheckDrift' compares with the reference patients; it cannot tell a change of what outcomes follow")
        ]
        "Ethics",
        [
            item "8.1" "data" (fun source ->
                Partly(
                    perCard source licence
                    + "; this file holds aggregates only; subgroups of fewer than ten are left out",
                    "consent, approval, and whether the data may be used for this"
                ))
            author "8.2" "who can be harmed by a wrong prediction, and how that is lessened"
            author "8.3" "whether groups are served worse, and what follows from the gaps above"
            author "8.4" "whether the outcome or who is measured reflects unequal care"
        ]
    ]

    /// All items in order.
    let items = sections |> List.collect snd

    let private table (content: PatientTable) =
        $"### {content.Title}\n\n"
        + MarkdownTable.write content.Columns (content.Rows |> List.map _.Cells)
        + $"\n{content.Note}\n"

    /// The file: every item with its state, and the tables of results and subgroups.
    let markdown (source: StudySource) =
        [
            "# Model card\n"
            $"{state source items} Sections are those of Mitchell and others (Model Cards for Model Reporting, FAT* 2019).\n"
            for title, own in sections do
                $"## {title}\n"

                for item in own do
                    line source item

                ""

                if title = "Results" && not source.Findings.IsEmpty then
                    table (PatientNumbers.gains source.Findings)
                    table (PatientNumbers.calibration source.Findings)
                    table (PatientNumbers.subgroups source.Findings)
        ]
        |> String.concat "\n"
