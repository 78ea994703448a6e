namespace CausalDebiasing.Bench.Evidence

open System.Collections.Generic
open System.Globalization
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Runtime

/// What regimes, remedies and models on recorded data are judged by, as a csv file to keep: a row for a model under a test
/// condition, with its metrics and nothing of a patient.
type EvidenceTable = {
    /// `CellId.resultsVersion` of the builds that computed it.
    ResultsVersion: int
    Observations: Observation list
}

module EvidenceTable =
    let private optional value =
        Option.defaultValue nan value |> CellsTable.Number

    let private columns: (string * (Observation -> CellsTable.Value)) list = [
        "dataset", (fun seen -> CellsTable.Text seen.Setting.Data.Dataset)
        "missing_rate", (fun seen -> optional seen.Setting.Data.MissingRate)
        "mechanism", (fun seen -> CellsTable.Text(Mechanism.name seen.Setting.Data.Mechanism))
        "mechanism_strength", (fun seen -> CellsTable.Number seen.Setting.Data.MechanismStrength)
        "confounding", (fun seen -> CellsTable.Number seen.Setting.Data.Confounding)
        "signal", (fun seen -> CellsTable.Number seen.Setting.Data.Signal)
        "train_size", (fun seen -> optional (Option.map float seen.Setting.Data.TrainSize))
        "baseline", (fun seen -> CellsTable.Text seen.Setting.Baseline)
        "condition", (fun seen -> CellsTable.Text seen.Setting.Condition)
        "variant", (fun seen -> CellsTable.Text(Variant.name seen.Variant))
        "seed", (fun seen -> CellsTable.Whole seen.Seed)
        "n_train", (fun seen -> CellsTable.Whole seen.TrainRows)
        "n_test", (fun seen -> CellsTable.Whole seen.Measure.TestRows)
        "auroc", (fun seen -> CellsTable.Number seen.Measure.Auroc)
        "ece", (fun seen -> CellsTable.Number seen.Measure.Ece)
        "results_version", (fun _ -> CellsTable.Whole CellId.resultsVersion)
    ]

    let private isJudged (seen: Observation) =
        seen.Setting.Hyperparameters.IsEmpty
        && List.contains seen.Variant Variant.all
        && (ClinicalComparison.isCompared seen
            || (List.contains seen.Setting.Condition [ "do"; "reversed" ]
                && Regime.all |> List.exists (fun regime -> Regime.holds regime seen.Setting.Data)))

    let private withoutFolders (seen: Observation) = {
        seen with
            Observation.Setting.Data.Dataset = DatasetName.withoutFolders seen.Setting.Data.Dataset
    }

    let private key (seen: Observation) = seen.Setting, seen.Variant, seen.Seed

    /// Writes the observations of this build's results version by which something is judged, each once. Raises InputException
    /// for two of one model that differ.
    let write path (observations: Observation list) =
        let rows =
            observations
            |> List.filter isJudged
            |> List.map withoutFolders
            |> List.sortBy key
            |> List.distinctBy (CellsTable.line columns)

        match List.pairwise rows |> List.tryFind (fun (one, next) -> key one = key next) with
        | Some(seen, _) ->
            raise (
                InputException
                    $"The runs have different results of {seen.Setting.Baseline} {seen.Variant}, {seen.Setting.Data.Dataset}, seed {seen.Seed}, test '{seen.Setting.Condition}': find out which is right and leave the other run out."
            )
        | None -> CellsTable.write path columns rows

    /// Reads what `write` wrote, with any build. Raises InputException when it is not such a table, or of several versions.
    let read (path: string) : EvidenceTable =
        let layout = DelimitedText.layout path None
        let names = List.map fst columns

        if layout.Names <> names then
            raise (
                InputException
                    $"The first line of {path} does not name the columns of a table of evidence: write it anew with 'documents --evidence RUN'."
            )

        let position = names |> List.mapi (fun i name -> name, i) |> dict
        let rows, versions = ResizeArray(), HashSet()

        DelimitedText.iterate path layout (fun row cell ->
            let text name = CsvText.unguard (cell position[name])

            let optional name =
                match text name with
                | "" -> None
                | written ->
                    match
                        System.Double.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture)
                    with
                    | true, value -> Some value
                    | _ -> raise (InputException $"{path}, row {row}: {name} '{written}' is no number.")

            let number name = Option.defaultValue nan (optional name)

            versions.Add(int (number "results_version")) |> ignore

            rows.Add {
                Experiment = ""
                Setting = {
                    Data = {
                        Dataset = text "dataset"
                        MissingRate = optional "missing_rate"
                        Mechanism = Grid.mechanism "mechanism" (text "mechanism")
                        MechanismStrength = number "mechanism_strength"
                        Confounding = number "confounding"
                        Signal = number "signal"
                        TrainSize = Option.map int (optional "train_size")
                        Unbiased = false
                        Seed = 0
                    }
                    Baseline = text "baseline"
                    Hyperparameters = Map.empty
                    Condition = text "condition"
                }
                Variant = Variant.parse "variant" (text "variant")
                Seed = int (number "seed")
                CellId = string row
                TrainRows = int (number "n_train")
                Measure = {
                    Condition = text "condition"
                    TestRows = int (number "n_test")
                    Auroc = number "auroc"
                    Auprc = nan
                    Brier = nan
                    Ece = number "ece"
                    LogLoss = nan
                    OracleAuroc = nan
                    DoRisk = nan
                }
            })

        match List.ofSeq versions with
        | [ version ] -> {
            ResultsVersion = version
            Observations = List.ofSeq rows
          }
        | _ ->
            raise (
                InputException
                    $"{path} has rows of {versions.Count} results versions: write it anew with 'documents --evidence RUN'."
            )
