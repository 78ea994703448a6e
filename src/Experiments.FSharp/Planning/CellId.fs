namespace CausalDebiasing.Bench.Planning

open System
open System.Text.Json
open System.Text.Json.Nodes
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Runtime

/// A cell's identity: the canonical JSON of all that its result depends on, and the hash of it.
module CellId =
    /// Raise it when the suite's own code (worlds, training, metrics) changes results: all cells are then stale.
    let resultsVersion = 15

    let private contentNow catalog name =
        match catalog.Datasets |> List.tryFind (fun entry -> entry.Name = name) with
        | Some entry -> entry.Content.Value
        | None ->
            Error
                $"The data set '{name}' is not here: start in the folder where it was used, from which its path leads to it."

    let private data (spec: DataSpec) content =
        let optional (value: 'a option) =
            value |> Option.map JsonValue.Create<'a> |> Option.toObj

        JsonObject(
            dict<string, JsonNode | null> [
                "content", JsonValue.Create<string> content
                "dataset", JsonValue.Create<string> spec.Dataset
                "missingRate", optional spec.MissingRate
                "mechanism", JsonValue.Create<string>(Mechanism.name spec.Mechanism)
                "mechanismStrength", JsonValue.Create<float> spec.MechanismStrength
                "confounding", JsonValue.Create<float> spec.Confounding
                "signal", JsonValue.Create<float> spec.Signal
                "trainSize", optional spec.TrainSize
                "unbiased", JsonValue.Create<bool> spec.Unbiased
                "seed", JsonValue.Create<int> spec.Seed
            ]
        )

    /// Canonical JSON of a cell with the data set's content, the baseline's version and defaults, the debiasing
    /// options and the results version. Raises InputException when the data set is absent.
    let identity catalog (cell: Cell) =
        let content =
            match contentNow catalog cell.Data.Dataset with
            | Ok content -> content
            | Error reason -> raise (InputException reason)

        let baseline =
            catalog.Baselines |> List.find (fun entry -> entry.Id = cell.Baseline)

        let hyperparameters = JsonObject()

        for pair in Map.foldBack Map.add cell.Hyperparameters baseline.Defaults do
            hyperparameters.Add(pair.Key, JsonValue.Create<float> pair.Value)

        let debiasing: JsonNode | null =
            match Map.tryFind cell.Variant catalog.Presets with
            | Some options -> JsonNode.Parse options
            | None -> null

        let whole =
            JsonObject(
                dict<string, JsonNode | null> [
                    "resultsVersion", JsonValue.Create<int> resultsVersion
                    "data", data cell.Data content
                    "baseline", JsonValue.Create<string> cell.Baseline
                    "baselineVersion", JsonValue.Create<string> baseline.Version
                    "hyperparameters", hyperparameters
                    "variant", JsonValue.Create<string>(Variant.name cell.Variant)
                    "debiasing", debiasing
                ]
            )

        use document = JsonDocument.Parse(whole.ToJsonString())
        Json.canonical document.RootElement

    /// The data set's content in an identity.
    let content (identity: string) =
        use document = JsonDocument.Parse identity
        string (document.RootElement.GetProperty("data").GetProperty("content").GetString())

    /// The baseline's version in an identity.
    let baselineVersion (identity: string) =
        use document = JsonDocument.Parse identity
        string (document.RootElement.GetProperty("baselineVersion").GetString())

    /// The first 20 hexadecimal digits of the SHA-256 of an identity.
    let ofIdentity (identity: string) =
        (Sha256.ofText identity).Substring(0, 20)

    /// The id of a cell.
    let ofCell catalog cell = ofIdentity (identity catalog cell)
