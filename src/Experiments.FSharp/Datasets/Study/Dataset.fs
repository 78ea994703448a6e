namespace CausalDebiasing.Bench.Datasets

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Worlds

/// A real data set that experiments can name.
type Dataset = {
    /// As in `DataSpec.Dataset`.
    Name: string
    Title: string
    Licence: string
    /// Where its files come from, if that is known.
    Source: string option
    /// Whether its files are under the root.
    Status: string option -> DatasetStatus
    /// Reads the cohort, from the cache when it can. Raises InputException when files are absent or malformed.
    Load: DataAccess -> LoadedCohort
    Division: Division
} with

    /// Stable SHA-256 of the data for cell ids; parses the data unless they are cached.
    member dataset.ContentHash access = (dataset.Load access).ContentHash

    /// Aggregate description of the cohort.
    member dataset.Card access = (dataset.Load access).Card

    /// See `DatasetStudy.study`.
    member dataset.Study access (spec: DataSpec) =
        DatasetStudy.study (dataset.Load access) dataset.Division spec
