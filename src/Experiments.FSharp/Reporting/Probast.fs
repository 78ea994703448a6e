namespace CausalDebiasing.Bench.Reporting

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Measures

/// What a run can say to the 34 signalling questions of PROBAST+AI (Moons and others, BMJ 388:e082505, 2025), 16 on development and 18 on
/// evaluation. The judgements are the assessor's.
module Probast =
    open StudyFacts
    open Checklist

    let private ours text source =
        match ofOwn (BaselineSource.tryFind >> Option.isSome) text source with
        | text, None -> Filled text
        | text, Some left -> Partly(text, left)

    let private exclusions (source: StudySource) =
        perCard source (fun data ->
            match data.Card.Exclusions |> List.filter (fun own -> own.Rows > 0) with
            | [] -> "no row was left out by the suite"
            | steps ->
                steps
                |> List.map (fun own -> $"{own.Rows} rows left out: {own.Reason}")
                |> listed)

    let private missing (source: StudySource) =
        "what is missing is handed to models as missing, and no row is left out for it as long as one modality is there; "
        + perCard source (fun data ->
            data.Card.Modalities
            |> List.map (fun own -> $"{own.Modality} missing in {percent own.MissingRate}")
            |> listed)

    let private weighs source =
        variants source
        |> List.exists (fun name ->
            not (List.contains name (List.map Variant.name [ Variant.plain; Variant.recommended ])))

    let private source part =
        item $"{part}1.1" "are the data of a kind that suits the question" (fun source ->
            Partly(perCard source _.Title, "where and how they were collected, and why they suit"))

    let private design part =
        author $"{part}1.2" "does the design suit the question"

    let private represents part =
        item $"{part}1.3" "do the patients stand for those it is meant for" (fun source ->
            Partly(exclusions source, "who is in the source, and whom it is meant for"))

    let private predictors part = [
        item $"{part}2.1" "are predictors alike for all patients" (fun source ->
            Partly(
                perCard source (fun data ->
                    $"patients of {data.Card.Sites.Length} sites, read by one description"),
                "whether sites define and measure them alike"
            ))
        item
            $"{part}2.2"
            "are they prepared alike for all patients"
            (ours
                "numbers are transformed and standardised by training rows alone, and all rows by the same transform")
        author $"{part}2.3" "were predictors taken without knowledge of the outcome"
        author $"{part}2.4" "are all predictors there when the model is to be used"
    ]

    let private outcome part = [
        author $"{part}3.1" "is the outcome defined and found as it should be"
        author $"{part}3.2" "is it defined and found alike for all patients"
        author $"{part}3.3" "was it found without use of the predictors"
        author $"{part}3.4" "is the time from predictors to outcome right"
    ]

    let private missingItem part =
        item $"{part}4.3" "were missing data handled properly" (fun source ->
            Partly(missing source, "why data are missing, and whether outcomes are censored"))

    /// Questions on development, in order.
    let development: ChecklistItem list = [
        source "D"
        design "D"
        represents "D"
        yield! predictors "D"
        yield! outcome "D"
        item "D4.1" "are there enough patients" (carried >> orAuthor "are there enough patients")
        item
            "D4.2"
            "are numbers and categories handled properly"
            (ours
                "numbers are not cut into classes beforehand; categories are indicators; codes have a vocabulary of training patients")
        missingItem "D"
        item "D4.4" "where classes were balanced, were predictions recalibrated" (fun source ->
            if weighs source then
                Partly(
                    $"""variants: {listed (variants source)}; 'recommended' is recalibrated on validation outcomes""",
                    "which other variants weigh rows, and whether those are to be used"
                )
            else
                Filled "no row was drawn or weighed by its outcome")
        item "D4.5" "was overfitting dealt with" (fun source ->
            ours
                $"the epoch of a network is chosen on validation rows, regressions and trees are regularised, {tuned source}, and everything is judged on rows that no model saw"
                source)
    ]

    /// Questions on evaluation, in order.
    let evaluation: ChecklistItem list = [
        source "E"
        design "E"
        represents "E"
        yield! predictors "E"
        yield! outcome "E"
        item "E4.1" "is it judged on other rows than it was fitted on" (fun source ->
            Filled $"all numbers are of rows that neither fit nor selection saw: {divisions source}")
        item "E4.2" "are there enough patients" (fun source ->
            source.Findings
            |> List.map (fun own ->
                $"{own.Data.Dataset}, {own.Condition}: {own.Events} events among {own.Rows} rows of {own.Patients} patients")
            |> List.distinct
            |> fun known -> if known.IsEmpty then sizes source else known
            |> orAuthor "are there enough patients")
        missingItem "E"
        item "E4.4" "is it judged without balancing of classes" (fun _ ->
            Filled "test rows are as recorded, each once and with the weight one")
        item "E4.5" "did nothing leak from test to training" (fun _ ->
            Filled
                "rows are divided by patient, transforms and vocabularies are of training rows, outcomes and sites of test rows are hidden from models, and no test decides on a model")
        item "E4.6" "where rows were resampled, was all of the development repeated" (fun source ->
            Filled
                $"""each of {ReportParts.plural (seeds source).Length "seed"}, folds or sites left out has a fit of its own, with transforms, selection and recalibration; the bootstrap over patients is of predictions and gives intervals only""")
        item "E4.7" "are discrimination, calibration and net benefit judged" (fun source ->
            if source.Findings.IsEmpty then
                Partly(
                    "AUROC, Brier score, log loss and ECE",
                    "calibration and net benefit: predictions were not kept"
                )
            else
                let thresholds = Classification.thresholds |> List.map percent |> listed

                Filled
                    $"AUROC, observed over expected, intercept, slope and a smooth curve of calibration, and net benefit at {thresholds}, with intervals over patients")
    ]

    /// All questions in order.
    let items = development @ evaluation

    /// The file: for every question what the run knows.
    let markdown (source: StudySource) =
        [
            "# PROBAST+AI\n"
            $"What the run can say to the signalling questions, in words of our own; the tool (Moons and others, BMJ 388:e082505, 2025) has them in full. {state source items} The judgements of quality, bias and applicability are the assessor's.\n"
            for title, own in [ "Model development", development; "Model evaluation", evaluation ] do
                $"## {title}\n"

                for item in own do
                    line source item

                ""
        ]
        |> String.concat "\n"
