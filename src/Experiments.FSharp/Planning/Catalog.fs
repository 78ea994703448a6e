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

/// A baseline that a sweep may name.
type BaselineEntry = {
    Id: string
    /// Changes whenever results of the baseline change.
    Version: string
    /// Default of every hyper-parameter.
    Defaults: Map<string, float>
    /// What differs from the defaults in the n-th candidate of a search; nothing in candidate 0.
    Candidate: int -> Map<string, float>
    /// It is a neural network, so that every preset applies.
    HasRepresentation: bool
    /// Comparisons that are short of time include it.
    IsHeadline: bool
}

/// What there is to sweep over. A value, so that planning is pure.
type Catalog = {
    Datasets: DatasetEntry list
    Baselines: BaselineEntry list
    /// Names of the variants with debiasing options, and the options as JSON: the presets and "ceiling-augmented".
    Presets: Map<string, string>
    /// The presets that only a baseline with a representation can honour.
    NeedRepresentation: Set<string>
    /// The presets that compare sites.
    NeedSites: Set<string>
}

module Catalog =
    /// The baseline as it is, trained on the biased data.
    let plain = "plain"
    /// The baseline as it is, trained on the biased data with its inputs standardised and not transformed.
    let plainStandardised = "plain-standardised"
    /// The baseline as it is, trained on data without bias.
    let ceiling = "ceiling"

    /// The baseline with nothing but the recommended variant's augmentation, trained on data without bias: what the
    /// recommended variant could reach, since augmentation helps without any bias too.
    let ceilingAugmented = "ceiling-augmented"

    /// Whether a variant is trained on data without bias.
    let isUnbiased variant =
        variant = ceiling || variant = ceilingAugmented

    let datasetNames catalog =
        catalog.Datasets |> List.map (fun entry -> entry.Name)

    let baselineIds catalog =
        catalog.Baselines |> List.map (fun entry -> entry.Id)

    /// Ids of the baselines that comparisons include when they are short of time.
    let headlineIds catalog =
        catalog.Baselines
        |> List.filter (fun entry -> entry.IsHeadline)
        |> List.map (fun entry -> entry.Id)

    let variants catalog =
        plain :: plainStandardised :: ceiling :: List.ofSeq catalog.Presets.Keys
