namespace CausalDebiasing.Bench.Reporting

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Measures

/// The 52 items of TRIPOD+AI (Collins and others, BMJ 385:e078378, 2024), answered from a run on recorded data.
module Tripod =
    open StudyFacts
    open Checklist

    /// The items in order.
    let items: ChecklistItem list = [
        item "1" "title: development or evaluation of a model, population and outcome" (fun source ->
            Partly(
                $"""Development and evaluation of {ReportParts.plural (baselines source).Length "kind"} of prediction model, with and without causal debiasing; {perCard source _.Title}""",
                "wording, and what the model is for"
            ))
        author "2" "a structured abstract"
        author "3a" "the healthcare context and why a model is needed"
        author "3b" "the population, and who would use the model at which point of care"
        author "3c" "known inequalities between groups of people"
        item "4" "objectives" (fun source ->
            Partly(
                $"""To compare {listed (baselines source)} as {listed (variants source)}, in how well they predict and what wrapping changes""",
                "the clinical objective"
            ))
        item "5a" "sources of data" (fun source ->
            Filled(
                perCard source (fun data ->
                    $"{data.Title} ({data.Card.Rows} rows of {data.Card.Patients} patients)")
                + ". Models are developed and evaluated on rows of the same source, which are apart by patient"
            ))
        author "5b" "dates of accrual and follow-up"
        item "6a" "setting, number and place of centres" (fun source ->
            Partly(
                perCard source (fun data ->
                    let sites = data.Card.Sites |> List.map _.Site
                    $"{sites.Length} sites ({listed sites})"),
                "kind of care, and where the centres are"
            ))
        item "6b" "who was eligible" (fun source ->
            Partly(
                perCard
                    source
                    (leftOut "no row was left out" (fun own -> $"{own.Rows} rows left out: {own.Reason}")),
                "criteria by which the source was made"
            ))
        author "6c" "treatments, and how they were handled"
        item "7" "preparation and checks of data" (fun source ->
            Partly(
                "Numbers are transformed by powers and standardised, by training rows alone. "
                + perCard source (fun data ->
                    $"{data.Card.ImplausibleValues} implausible values set missing"),
                "preparation before the tables were read"
            ))
        item "8a" "the outcome, its horizon and how it was assessed" (fun source ->
            Partly(perCard source _.Title, "definition, horizon, and how it was assessed"))
        author "8b" "who assessed the outcome, where that needs judgement"
        author "8c" "blinding of that assessment"
        item "9a" "choice of predictors" (fun source ->
            Partly(
                perCard source (fun data -> data.Card.Modalities |> List.map _.Modality |> listed)
                + "; none is selected by the outcome",
                "why the source records these"
            ))
        author "9b" "definition of every predictor, when and how it was measured"
        author "9c" "who assessed predictors, where that needs judgement"
        item
            "10"
            "how the size of the study was arrived at"
            (carried >> orAuthor "how the size of the study was arrived at")
        item "11" "missing data" (fun source ->
            Filled(
                "A modality that is missing is handed to models as missing; no row is left out for it as long as one modality is there. "
                + perCard source (fun data ->
                    let rates =
                        data.Card.Modalities
                        |> List.map (fun own -> $"{own.Modality} {percent own.MissingRate}")
                        |> listed

                    $"missing {rates}; the pattern alone has AUROC {NumberText.number data.Card.MaskAuroc}")
            ))
        item "12a" "how data were divided" (fun source ->
            Filled(
                $"""{divisions source}; {ReportParts.plural (seeds source).Length "seed"} for division, initialisation and order"""
            ))
        item "12b" "how predictors enter the models" (fun _ ->
            Filled
                "Continuous columns by a power transform and standardised, categories and codes as recorded; each modality has an encoder of its own in networks, trees and regressions take all columns")
        item "12c" "kinds of model and how they were built" (fun source ->
            let selection =
                known "Selection" source |> Option.defaultValue "validation rows of training"

            Filled(
                $"{listed (baselines source)}, each as {listed (variants source)}; {tuned source}; the epoch of a network is chosen by {selection}, never on a test"
            ))
        item "12d" "heterogeneity between sites" (fun source ->
            Filled(
                "Measures by site, and where sites are left out in turn by the site that training never saw: "
                + listed (distinct (fun result -> result.Cell.Data.Dataset) source)
            ))
        item "12e" "measures of performance" (fun _ ->
            let thresholds = Classification.thresholds |> List.map percent |> listed

            Filled
                $"AUROC, AUPRC, Brier score, log loss, ECE; calibration in the large, slope, observed over expected and a smooth curve; net benefit, sensitivity, specificity and predictive value at {thresholds}; differences are paired, with intervals over seeds, folds or sites and over patients")
        item "12f" "updating of models" (fun source ->
            if List.contains (Variant.name Variant.recommended) (variants source) then
                Filled
                    "Predictions of the wrapped model are recalibrated (slope and intercept of the logit) on validation outcomes; nothing was updated after a test"
            else
                Filled "No model was updated after a test")
        item "12g" "how predictions were made" (fun source ->
            match known "Command" source with
            | Some command ->
                Filled
                    $"'{ShownText.byName command}' fits and predicts; 'rerun CELL_ID' makes the predictions of any model again and says whether they are equal"
            | None -> Author "how predictions were made")
        item "13" "class imbalance" (fun source ->
            let weighs =
                variants source
                |> List.exists (fun name ->
                    not (List.contains name (List.map Variant.name [ Variant.plain; Variant.recommended ])))

            Partly(
                (if weighs then
                     ""
                 else
                     "No row was drawn more or less often for its outcome. ")
                + perCard source (fun data ->
                    $"{percent (float data.Card.Events / float data.Card.Rows)} events"),
                "why, for the use intended"
            ))
        item "14" "fairness" (fun source ->
            let kinds =
                source.Findings
                |> List.collect (fun own -> own.Recommended.Subgroups |> List.map _.Kind)
                |> List.distinct

            let absent =
                [ "sex"; "age"; "ethnicity" ]
                |> List.filter (fun kind -> not (List.contains kind kinds))

            if source.Findings.IsEmpty then
                Author "what was done for fairness"
            else
                Partly(
                    $"Measures and widest gaps by {listed kinds}",
                    (if absent.IsEmpty then
                         "what follows from the gaps"
                     else
                         $"groups by {listed absent}, which the data do not record, or the manifest does not name under 'subgroups'")
                ))
        item "15" "what a model gives" (fun _ ->
            let thresholds = Classification.thresholds |> List.map percent |> listed

            Partly(
                $"A probability; classes only to describe it, at {thresholds}",
                "the threshold of the use intended"
            ))
        item "16" "differences between development and evaluation" (fun source ->
            Partly(divisions source, "differences in care, and in how outcome and predictors were taken"))
        author "17" "ethical approval and consent"
        author "18a" "funding"
        author "18b" "conflicts of interest"
        author "18c" "where the protocol is"
        author "18d" "registration"
        item "18e" "availability of data" (fun source -> Partly(perCard source licence, "how to get them"))
        item "18f" "availability of code" (fun source ->
            match suite source with
            | Some suite -> Filled $"{suite}, MIT licence; the command is in item 12g"
            | None -> Author "availability of code")
        author "19" "involvement of patients and the public"
        item "20a" "flow of participants" (fun source ->
            Filled(
                perCard source (fun data ->
                    let left = data.Card.Exclusions |> List.sumBy _.Rows
                    $"{data.Card.Rows + left} rows read, {left} left out, {data.Card.Rows} rows of {data.Card.Patients} patients kept, {data.Card.Events} with the event")
            ))
        item "20b" "characteristics of participants" (fun source ->
            Partly(
                perCard source (fun data ->
                    data.Card.Sites
                    |> List.map (fun site ->
                        $"{site.Site} {site.Patients} patients, {percent site.Prevalence} events")
                    |> listed),
                "a table of predictors by group"
            ))
        item "20c" "comparison with the development data" (fun source ->
            Partly(
                perCard source (fun data ->
                    data.Card.Parts
                    |> List.map (fun part -> $"{part.Part} {percent part.Prevalence} events")
                    |> listed),
                "a table of important predictors"
            ))
        item "21" "participants and events of each analysis" (fun source ->
            (source.Findings
             |> List.map (fun own ->
                 $"{own.Data.Dataset}, {own.Condition}: {own.Rows} rows of {own.Patients} patients, {own.Events} events")
             |> List.distinct)
            @ sizes source
            |> orAuthor "participants and events of each analysis")
        item "22" "the model in full" (fun _ ->
            Partly(
                "The code and the command make every model again, bit for bit on the same processor; 'Checkpoint.Save' stores one",
                "a deposit of the model that is meant to be used"
            ))
        item "23a" "performance with intervals, and in subgroups" (fun source ->
            levels source @ List.map measuredLevel source.Findings
            |> orAuthor "performance with intervals")
        item
            "23b"
            "heterogeneity of performance between sites"
            (gaps >> orAuthor "heterogeneity of performance between sites")
        author "24" "results of updating"
        author "25" "interpretation, in the light of fairness and other evidence"
        item "26" "limitations" (fun source ->
            Partly(
                joined (
                    "Results on recorded data are associations under natural missingness, not causal effects"
                    :: caveats source
                ),
                "limitations of the source and of the use intended"
            ))
        item "27a" "poor or missing inputs in use" (fun _ ->
            Filled
                "A patient needs one modality at least; the others may be missing in any pattern. 'CheckDrift' says what has changed since the reference patients")
        author "27b" "what users must do and know"
        author "27c" "next steps"
    ]

    /// The file: every item with its state, and how many are filled.
    let markdown (source: StudySource) =
        [
            "# TRIPOD+AI\n"
            $"{state source items} Items are named in few words; the guideline (Collins and others, BMJ 385:e078378, 2024) has them in full.\n"
            for item in items do
                line source item
            ""
        ]
        |> String.concat "\n"
