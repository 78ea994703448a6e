/// Measures of cells, remembered in the run's cache so that a report of many cells reads few predictions.
module CausalDebiasing.Bench.Measures.RememberedMeasures

open System
open System.IO
open System.Text.Json
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results

/// What is remembered, for which predictions.
type private Remembered = {
    Version: int
    Predictions: string
    Tests: TestMeasures list
}

let private path run (cellId: string) =
    Path.Combine(RunFolder.cache run, "measures", cellId + ".json")

let private tryRead file checksum =
    try
        match Checksum.unseal (File.ReadAllText file) with
        | Ok json ->
            let remembered = Json.read<Remembered> json

            if remembered.Version = TestMeasures.version && remembered.Predictions = checksum then
                Some remembered.Tests
            else
                None
        | Error _ -> None
    with
    | :? JsonException
    | :? IOException
    | :? UnauthorizedAccessException -> None

/// Computes the measures of a cell whose predictions have that checksum, and remembers them.
let compute run cellId checksum (tests: TestPredictions list) =
    let measures = tests |> List.map TestMeasures.ofTest

    let remembered = {
        Version = TestMeasures.version
        Predictions = checksum
        Tests = measures
    }

    AtomicFile.writeText (path run cellId) (Checksum.seal (Json.write remembered))
    measures

/// The measures of a result, as remembered or from its predictions; Error says in a few words why there are none. Raises
/// InputException for damaged predictions.
let ofResult run (result: CellResult) : Result<TestMeasures list, string> =
    match Map.tryFind KeptPredictions.checksumName result.Diagnostics with
    | None ->
        KeptPredictions.read (KeptPredictions.folders run) result
        |> Result.map (List.map TestMeasures.ofTest)
    | Some checksum ->
        match tryRead (path run result.CellId) checksum with
        | Some known -> Ok known
        | None ->
            KeptPredictions.read (KeptPredictions.folders run) result
            |> Result.map (compute run result.CellId checksum)
