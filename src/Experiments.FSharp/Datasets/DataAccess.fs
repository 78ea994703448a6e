namespace CausalDebiasing.Bench.Datasets

open CausalDebiasing.Cohorts

/// Where to read data from, where to keep what was parsed, and whom to tell.
type DataAccess = {
    /// See `DataRoot.resolve`.
    Root: string option
    /// Folder for parsed cohorts; None: parse every time. See `CohortCache.defaultFolder`.
    Cache: string option
    /// Takes one-line notices.
    Report: string -> unit
}

/// A cohort read from files.
type LoadedCohort = {
    Cohort: Cohort
    Card: CohortCard
    /// SHA-256 of the files' contents and the reader's version; the same for folder and archive.
    ContentHash: string
}
