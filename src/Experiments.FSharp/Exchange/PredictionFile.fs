/// Probabilities that a model from outside gave, by the keys of rows.
module CausalDebiasing.Bench.Exchange.PredictionFile

open System
open System.Collections.Generic
open System.Globalization
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Runtime

let private keyColumn = "row"
let private probabilityColumn = "probability"

let private isProbability (value: float32) = value >= 0f && value <= 1f

/// Probabilities of files with the columns "row" and "probability", by study: the first digits of its hash, see
/// `ExchangeStudy.studyOfKey`. Raises InputException for a file that cannot be read, an empty or doubled key, and what is no
/// number from 0 to 1.
let readAll (paths: string list) : Map<string, IReadOnlyDictionary<string, float32>> =
    let studies = Dictionary<string, Dictionary<string, float32>>()

    for path in paths do
        TableFile.iterate path [ keyColumn; probabilityColumn ] (fun row cells ->
            let refuse column problem remedy =
                TableError.refuseCell path row column problem remedy

            match cells[0], cells[1] with
            | null, _ -> refuse keyColumn "there is no key" "write the key of the study's row"
            | key, text ->
                let isNumber, value =
                    Single.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture)

                if not (isNumber && isProbability value) then
                    refuse probabilityColumn "this is no number from 0 to 1" "write a probability"

                let study = ExchangeStudy.studyOfKey key

                if not (studies.ContainsKey study) then
                    studies[study] <- Dictionary()

                if not (studies[study].TryAdd(key, value)) then
                    refuse keyColumn "the key is there twice" "keep one prediction of each row")

    Map [
        for study in studies -> study.Key, study.Value :> IReadOnlyDictionary<string, float32>
    ]

/// Raises InputException unless there is a probability for every row that the study asks for, and none for another. `name` is
/// what the study is called.
let requireAll (name: string) (study: ExchangeStudy) (probabilities: IReadOnlyDictionary<string, float32>) =
    let keys = HashSet(study.Requests |> Seq.collect (fun request -> request.Keys))

    match probabilities.Keys |> Seq.tryFind (keys.Contains >> not) with
    | Some key ->
        raise (
            InputException
                $"Predictions for {name}: '{key}' is none of the {keys.Count} rows that are asked for; predict the rows of the files that {StudyFile.name} lists under 'predict', those for training not."
        )
    | None -> ()

    match keys |> Seq.filter (probabilities.ContainsKey >> not) |> List.ofSeq with
    | [] -> ()
    | first :: _ as missing ->
        raise (
            InputException
                $"Predictions for {name}: {missing.Length} of {keys.Count} rows have none, the first is '{first}'; predict the rows of all files that {StudyFile.name} lists under 'predict'."
        )
