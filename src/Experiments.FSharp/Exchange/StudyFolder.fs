/// A study as files that any language reads.
module CausalDebiasing.Bench.Exchange.StudyFolder

open System
open System.IO
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Cohorts

let private observedName (modality: Modality) = $"{modality.Name}.observed"

let private valueNames (modality: Modality) =
    match modality.Kind with
    | ModalityKind.Series -> [
        for step in 0 .. modality.Length - 1 do
            for channel in 0 .. modality.Width - 1 -> $"{modality.Name}.{step}.{channel}"
      ]
    | _ -> [ for i in 0 .. modality.Size - 1 -> $"{modality.Name}.{i}" ]

let private describe (modality: Modality) = {
    Name = modality.Name
    Kind = (string modality.Kind).ToLowerInvariant()
    Width = modality.Width
    Length = modality.Length
    Observed = observedName modality
    Values = valueNames modality
}

let private inputs (cohort: Cohort) = [
    for m, modality in Seq.indexed cohort.Modalities do
        let size = modality.Size
        let values = cohort.Values(m).ToArray()
        let isObserved row = cohort.IsObserved(row, m)
        observedName modality, RowColumn.Flag isObserved

        for i, name in List.indexed (valueNames modality) do
            name, RowColumn.Number(fun row -> if isObserved row then values[row * size + i] else nanf)
]

/// Patients by the order in which they come: their identities stay here.
let private patients (cohort: Cohort) =
    let distinct = cohort.Patients.ToArray() |> Array.distinct
    let numbers = distinct |> Array.mapi (fun i patient -> patient, i) |> dict
    cohort.Patients.ToArray() |> Array.map (fun patient -> numbers[patient])

let private learning keys (learning: LearningRows) =
    let rows = learning.Rows
    let labels, sites = rows.Labels.ToArray(), rows.Sites.ToArray()
    let patients = patients rows

    [
        "row", RowColumn.Text keys
        "outcome", RowColumn.Whole(fun row -> int labels[row])
        "patient", RowColumn.Whole(fun row -> patients[row])
        "site", RowColumn.Text(fun row -> rows.SiteNames[sites[row]])
        "weight", RowColumn.Number(fun row -> learning.Weights[row])
        "offset", RowColumn.Number(fun row -> learning.Offsets[row])
        "offset_weight", RowColumn.Number(fun row -> learning.OffsetWeights[row])
    ]
    @ inputs rows

let private fileWord (text: string) =
    String.map (fun letter -> if Char.IsAsciiLetterOrDigit letter then letter else '-') text

/// The name of a study's folder: data set, seed, variant, and the digits that its row keys begin with.
let name (data: DataSpec) variant (study: ExchangeStudy) =
    let stem = string (Path.GetFileName data.Dataset)
    let key = study.Hash.Substring(0, ExchangeStudy.keyDigits)
    $"{fileWord stem}-seed{data.Seed}-{fileWord (Variant.name variant)}-{key}"

/// Writes a study into a folder that only its owner can read, which it creates: the rows to learn from and to select by, the
/// rows to predict without outcomes and sites, and study.json.
let write folder format (data: DataSpec) variant (study: ExchangeStudy) =
    OwnerOnly.folder folder
    let extension = RowTable.extension format
    let path file = Path.Combine(folder, file)
    let selection = study.Requests.Head

    let table (file: string) rows columns =
        RowTable.write (path file) format rows columns
        file

    let trainKey = study.Hash.Substring(0, ExchangeStudy.keyDigits)

    let train =
        learning (fun row -> $"{trainKey}-train-{row}") study.Train
        |> table $"train.{extension}" study.Train.Rows.Count

    let validation =
        learning (fun row -> selection.Keys[row]) study.Validation
        |> table $"validation.{extension}" study.Validation.Rows.Count

    let request number (request: Request) =
        let purpose, condition, stem =
            match request.Purpose with
            | Selection -> "validation", "", "validation"
            | Testing condition -> "test", condition, $"test-{number}-{fileWord condition}"
            | PatternCheck -> "pattern-check", "", $"pattern-check-{number}"

        {
            File =
                if request.Purpose = Selection then
                    validation
                else
                    ("row", RowColumn.Text(fun row -> request.Keys[row])) :: inputs request.Rows
                    |> table $"{stem}.{extension}" request.Rows.Count
            Rows = request.Rows.Count
            Purpose = purpose
            Condition = condition
        }

    StudyFile.describe
        data
        variant
        study.Hash
        (CausalDebiasing.Bench.Worlds.WorldCatalog.tryFind data.Dataset).IsNone
        train
        validation
        (List.mapi request study.Requests)
        [ for modality in study.Train.Rows.Modalities -> describe modality ]
    |> StudyFile.write folder
