namespace CausalDebiasing.Bench.Planning

open System
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Worlds

/// A data set that a sweep may name.
type DatasetEntry = {
    Name: string
    /// Training data without the biases of a specification can be drawn, so that a ceiling exists.
    HasCeiling: DataSpec -> bool
    /// Training rows come from two sites or more; true where that is not known.
    HasSites: Lazy<bool>
    /// Hash of the content (data) or version (world), or one line that names the data set, why it cannot be used and the
    /// remedy.
    Content: Lazy<Result<string, string>>
    /// The one form of all specifications with the same data: axes that the data set does not have at rest.
    Canonical: DataSpec -> DataSpec
    /// Raises InputException when the data set cannot honour a specification.
    Check: DataSpec -> unit
}

/// Where the predictions of a baseline come from.
type BaselineSource =
    /// A class of this build.
    | ThisBuild
    /// A program of its own, with one line on why it cannot be run here where it cannot.
    | Command of obstacle: Lazy<string option>
    /// Files of predictions that were scored; no cell of it can be computed.
    | Scored

/// A baseline that a sweep may name.
type BaselineEntry = {
    Id: string
    /// Changes whenever results of the baseline change.
    Version: string
    /// Default of every hyper-parameter.
    Defaults: Map<string, float>
    /// What differs from the defaults in the n-th candidate of a search; nothing in candidate 0.
    Candidate: int -> Map<string, float>
    /// Why it cannot be had in a variant, in one line; None where it can.
    Refusal: Variant -> string option
    /// Comparisons that are short of time include it.
    IsHeadline: bool
    Source: BaselineSource
}

/// What there is to sweep over. A value, so that planning is pure.
type Catalog = {
    Datasets: DatasetEntry list
    Baselines: BaselineEntry list
    /// The variants with debiasing options, and the options as JSON.
    Presets: Map<Variant, string>
    /// The presets that compare sites.
    NeedSites: Set<Variant>
}

module Catalog =
    let datasetNames catalog =
        catalog.Datasets |> List.map (fun entry -> entry.Name)

    let baselineIds catalog =
        catalog.Baselines |> List.map (fun entry -> entry.Id)

    /// Whether predictions of that baseline were scored, so that no cell of it can be computed.
    let isScored catalog id =
        catalog.Baselines
        |> List.exists (fun entry -> entry.Id = id && entry.Source.IsScored)

    /// Ids of the baselines that comparisons include when they are short of time.
    let headlineIds catalog =
        catalog.Baselines
        |> List.filter (fun entry -> entry.IsHeadline)
        |> List.map (fun entry -> entry.Id)
