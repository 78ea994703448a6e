namespace CausalDebiasing.Bench.Reporting

open System
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Measures
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results

/// A recorded data set of a run, as far as it could be read.
type StudyData = {
    /// As the run names it, with its division.
    Name: string
    Title: string
    Licence: string
    Card: CohortCard
    /// See `RecordedGroups.ofTest`.
    Groups: DataSpec -> TestPredictions -> (string * string[]) list
}

/// What a run knows of a study that reports it.
type StudySource = {
    /// Name and value, as in environment.json.
    Environment: (string * string) list
    Results: CellResult list
    Observations: Observation list
    Data: StudyData list
    Findings: PatientFindings list
}

/// What documents say of a run on recorded data.
module StudyFacts =
    /// Sentences in one, without their full stops.
    let joined (texts: string list) =
        texts |> List.map _.TrimEnd('.') |> String.concat "; "

    /// A text for each data set, led by its name.
    let perCard (source: StudySource) (text: StudyData -> string) =
        source.Data
        |> List.distinctBy _.Card.Dataset
        |> List.map (fun data -> $"{data.Card.Dataset}: {text data}")
        |> joined

    /// What the run says of its environment under a name.
    let known name (source: StudySource) =
        source.Environment
        |> List.tryFind (fst >> (=) name)
        |> Option.map snd
        |> Option.filter ((<>) "")

    /// Different values of results, sorted.
    let distinct pick (source: StudySource) =
        source.Results |> List.map pick |> List.distinct |> List.sort

    /// Names with commas.
    let listed (names: string list) = String.concat ", " names

    /// A share as a percentage.
    let percent (share: float) = NumberText.percent share

    /// How rows were divided, for each data set.
    let divisions (source: StudySource) =
        source.Data
        |> List.map (fun data ->
            match DatasetName.parse data.Name with
            | _, SiteLeftOut site ->
                $"{data.Card.Dataset}: site '{site}' tested and never trained on, the others divided 70/10/20 by patient"
            | _, Folds folds -> $"{data.Card.Dataset}: {folds}-fold cross-validation by patient"
            | _, Own ->
                let parts =
                    data.Card.Parts
                    |> List.map (fun part -> $"{part.Part} {part.Rows} rows")
                    |> listed

                $"{data.Card.Dataset}: {parts}, by patient")
        |> List.distinct
        |> joined

    /// Names of the variants that were run.
    let variants source =
        distinct (fun result -> Variant.name result.Cell.Variant) source

    /// Ids of the baselines that were run.
    let baselines source =
        distinct (fun result -> result.Cell.Baseline) source

    /// Seeds that were run.
    let seeds source =
        distinct (fun result -> result.Cell.Data.Seed) source

    /// The suite that made the run, with its commit where that is known.
    let suite source =
        known "Suite" source
        |> Option.map (fun version ->
            let commit =
                known "Commit" source
                |> Option.map (fun commit -> $", commit {commit}")
                |> Option.defaultValue ""

            $"CausalDebias.Bench {version}{commit}")

    /// The licence in words.
    let licence (data: StudyData) =
        if data.Licence.StartsWith "licence" then
            data.Licence
        else
            $"licence {data.Licence}"

    /// What was left out when the rows of a data set were read, each step by `each`; `none` where nothing was.
    let leftOut none (each: Exclusion -> string) (data: StudyData) =
        match data.Card.Exclusions |> List.filter (fun own -> own.Rows > 0) with
        | [] -> none
        | steps -> steps |> List.map each |> listed

    /// Whether hyper-parameters were tuned.
    let tuned (source: StudySource) =
        let candidates =
            distinct (fun result -> result.Cell.Hyperparameters) source |> List.length

        if candidates > 1 then
            $"{candidates} settings of hyper-parameters were tried, and the one with the least validation log loss is named"
        else
            "hyper-parameters are the declared defaults, which were not tuned"

    /// Gain and calibration of a comparison.
    let measuredLevel (findings: PatientFindings) =
        let calibration (own: VariantFindings) =
            $"O/E {PatientNumbers.measured own.Calibration.ObservedExpected}, slope {PatientNumbers.measured own.Calibration.Slope}"

        $"{findings.Data.Dataset}, {findings.Condition}, {findings.Baseline}: gain in AUROC {PatientNumbers.difference findings.Gain}; plain {calibration findings.Plain}; recommended {calibration findings.Recommended}"

    /// AUROC of every setting, baseline and variant, with its interval.
    let levels (source: StudySource) =
        source.Observations
        |> List.groupBy (fun seen -> seen.Setting, seen.Variant)
        |> List.sortBy fst
        |> List.map (fun ((setting, variant), own) ->
            let auroc =
                own
                |> List.map _.Measure.Auroc
                |> List.filter (Double.IsNaN >> not)
                |> Statistics.estimate

            $"{setting.Data.Dataset}, {setting.Condition}, {setting.Baseline} {Variant.name variant}: AUROC {NumberText.level auroc}")

    /// How far sites are apart, for each comparison.
    let gaps (source: StudySource) =
        source.Findings
        |> List.choose (fun findings ->
            findings.Recommended.Subgroups
            |> List.tryFind (fun kind -> kind.Kind = "site" && not (Double.IsNaN kind.WorstAurocGap))
            |> Option.map (fun kind ->
                $"{findings.Data.Dataset}, {findings.Baseline} recommended: AUROC of {kind.Groups.Length} sites up to {NumberText.number kind.WorstAurocGap} apart"))

    /// Rows of every test.
    let sizes (source: StudySource) =
        source.Observations
        |> List.map (fun seen -> seen.Setting.Data.Dataset, seen.Setting.Condition, seen.Measure.TestRows)
        |> List.distinct
        |> List.map (fun (dataset, condition, rows) -> $"{dataset}, {condition}: {rows} rows tested")

    /// What the training rows of each data set can carry.
    let carried (source: StudySource) =
        source.Data
        |> List.distinctBy _.Card.Dataset
        |> List.choose (fun data ->
            let card = data.Card
            let share = float card.Events / float card.Rows

            let isOwn name =
                source.Data
                |> List.exists (fun other -> other.Name = name && other.Card.Dataset = card.Dataset)

            let training = [
                for result in source.Results do
                    if isOwn result.Cell.Data.Dataset && result.TrainRows > 0 then
                        result.TrainRows
            ]

            match training with
            | _ :: _ when share > 0. && share < 1. ->
                let rows = List.min training
                let parameters = SampleSize.carried rows (SampleSize.expectedR2 share) share

                Some
                    $"{card.Dataset}: all rows at hand; {rows} training rows with {percent share} events can carry {parameters} candidate parameters by the criteria of Riley and others (BMJ 368:m441)"
            | _ -> None)

    /// What the suite does with baselines of its own; how programs of their own do it is the author's.
    let ofOwn (isOwn: string -> bool) (text: string) (source: StudySource) =
        match baselines source |> List.filter (isOwn >> not) with
        | [] -> text, None
        | programs -> text, Some $"how {listed programs}, programs of their own, do it"

    /// What must be said with the numbers of tests.
    let caveats (source: StudySource) =
        CellRow.ofResults (source.Results |> List.map (fun result -> "", result))
        |> ConsoleTable.caveats
