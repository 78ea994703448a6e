namespace CausalDebiasing.Bench.Reporting

open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Results

/// What a column of a run's tables means.
type ColumnMeaning = {
    /// Without its ending where the csv file and the Parquet file have the same columns.
    Table: string
    Column: string
    /// As in Parquet; of csv files what the text is.
    Type: string
    /// Unit or range; empty for text.
    Range: string
    Meaning: string
}

module DataDictionary =
    let private share = "0 to 1"
    let private any = ""

    let private ofCells =
        Map [
            "experiment", (any, "experiment that the cell belongs to; a cell may belong to several")
            "dataset", (any, "world or data set, with the site left out or the folds")
            "baseline", (any, "id of the model")
            "variant", (any, "plain, wrapped with a preset, or a ceiling")
            "missing_rate", (share, "share of modalities missing; empty: as the data have it")
            "mechanism", (any, "why modalities are missing, with its strength")
            "confounding", (share, "strength of confounding")
            "label_noise", ("above 0", "1 over the signal of the outcome")
            "condition",
            (any, "test: id, do, reversed, later or site:NAME; empty of a cell that did not finish")
            "seed",
            ("1 or more",
             "seed of world, sample, division and initialisation; of folds it says which is tested")
            "n_train", ("rows", "rows trained on")
            "n_test", ("rows", "rows tested on")
            "auroc", (share, "area under the receiver operating characteristic curve")
            "auprc", (share, "average precision")
            "brier", (share, "Brier score")
            "ece", (share, "expected calibration error")
            "log_loss", ("0 or more", "mean negative log likelihood")
            "oracle_auroc",
            (share, "AUROC of the Bayes-optimal probability; empty where the truth is unknown")
            "fit_seconds", ("seconds", "time of the fit")
            "status", (any, "done, failed, timed-out or skipped")
            "error", (any, "one line; empty unless the cell failed or was skipped")
            "caveat", (any, "what must be said with the numbers, such as few events; mostly empty")
            "cell_id", (any, "identity of the cell, by which rerun finds it")
            "do_risk", (share, "mean distance of the probability from P(y given do x)")
        ]

    let private ofMeasures =
        Map [
            "n_rows", ("rows", "rows judged")
            "n_patients", ("patients", "patients judged")
            "n_events", ("rows", "rows with the event")
            "auroc", (share, "AUROC, with DeLong's interval over patients")
            "observed_expected", ("0 or more", "events seen over events predicted; 1 is right")
            "calibration_intercept", (any, "calibration in the large; 0 is right")
            "calibration_slope", (any, "slope of the outcome on the predicted logit; 1 is right")
            "calibration_index", (share, "mean distance of the smooth calibration curve from the diagonal")
            "net_benefit", ("up to 1", "net benefit for each row at this threshold in percent")
            "treat_all", ("up to 1", "net benefit of treating everybody at this threshold in percent")
            "sensitivity", (share, "sensitivity at this threshold in percent")
            "specificity", (share, "specificity at this threshold in percent")
            "ppv", (share, "positive predictive value at this threshold in percent")
        ]

    let private ofPredictions = [
        "test", "VARCHAR", any, "test condition"
        "row", "INTEGER", "0 or more", "number of the row within its test"
        "patient",
        "BIGINT",
        any,
        "stands for the patient, of recorded data a hash: alike in all cells of a data set"
        "probability", "FLOAT", share, "predicted probability of the event"
        "outcome", "INTEGER", "0 or 1", "1: the event"
        "site", "VARCHAR", any, "name of the site"
        "pattern", "VARCHAR", any, $"modalities that are there, joined by '{TestPredictions.joint}'"
        TestPredictions.beforeColumn,
        "FLOAT",
        share,
        "probability without recalibration; only in files of recalibrated models"
    ]

    let private suffixes = [
        "_low", ", lower end of the 95 % interval over patients"
        "_high", ", upper end of the 95 % interval over patients"
        "_before", ", without the recalibration of a wrapped model"
    ]

    /// Range and meaning of a column of measures.csv, by its name without ends and threshold.
    let rec private measure (name: string) =
        let known = Map.tryFind name ofMeasures |> Option.orElse (Map.tryFind name ofCells)

        match known, suffixes |> List.tryFind (fun (suffix, _) -> name.EndsWith suffix) with
        | Some known, _ -> known
        | None, Some(suffix, also) ->
            let range, meaning = measure (name[.. name.Length - suffix.Length - 1])
            range, meaning + also
        | None, None ->
            let at = name.LastIndexOf '_'
            let range, meaning = Map.find name[.. at - 1] ofMeasures
            range, meaning.Replace("this threshold in percent", $"a threshold of {name[at + 1 ..]} %%")

    let private ofMeasuresType name =
        match List.tryFind (fst >> (=) name) CellsTable.types with
        | Some(_, known) -> known
        | None when name.StartsWith "n_" -> "BIGINT"
        | None -> "DOUBLE"

    let private column table (name, kind) (range, meaning) = {
        Table = table
        Column = name
        Type = kind
        Range = range
        Meaning = meaning
    }

    /// Every column of cells (csv and Parquet), do_risk.csv, measures.csv and the files of predictions, in order.
    let all = [
        for name, kind in CellsTable.types do
            column "cells" (name, kind) ofCells[name]

        for name in CellsTable.doRiskHeader do
            column "do_risk.csv" (name, ofMeasuresType name) ofCells[name]

        for name in MeasuresTable.header do
            column "measures.csv" (name, ofMeasuresType name) (measure name)

        for name, kind, range, meaning in ofPredictions do
            column "predictions" (name, kind) (range, meaning)
    ]

    let private columns: (string * (ColumnMeaning -> CellsTable.Value)) list = [
        "table", (fun own -> CellsTable.Text own.Table)
        "column", (fun own -> CellsTable.Text own.Column)
        "type", (fun own -> CellsTable.Text own.Type)
        "range", (fun own -> CellsTable.Text own.Range)
        "meaning", (fun own -> CellsTable.Text own.Meaning)
    ]

    /// Writes the dictionary as csv.
    let write path = CellsTable.write path columns all
