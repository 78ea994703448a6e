namespace CausalDebiasing.Bench.Datasets

open CausalDebiasing.Cohorts

/// A modality of all rows that a reader has.
type ModalityBlock = {
    Modality: Modality
    /// rows x Size.
    Values: float32[]
    /// By row, whether anything of it is there.
    Observed: bool[]
    /// Values that were set missing because they are implausible.
    Implausible: int
}
