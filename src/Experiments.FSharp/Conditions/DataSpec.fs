namespace CausalDebiasing.Bench.Conditions

/// Why a modality is missing.
type Mechanism =
    /// As the data have it: real data hide nothing in addition, a world uses the mechanism of its own.
    | Natural
    /// Completely at random.
    | Mcar
    /// By an always-observed modality.
    | Mar
    /// By the modality's own (hidden) values.
    | MnarSelf
    /// By the latent state that also drives the outcome.
    | MnarLatent
    /// By the outcome itself.
    | OutcomeLinked
    /// Latent severity (gamma = 1), site practice (delta = 0.5) and the outcome (mu = strength) together:
    /// the default of the Acquisition world.
    | Acquisition

module Mechanism =
    let all = [
        "natural", Natural
        "mcar", Mcar
        "mar", Mar
        "mnar-self", MnarSelf
        "mnar-latent", MnarLatent
        "outcome-linked", OutcomeLinked
        "acquisition", Acquisition
    ]

    let name mechanism =
        all |> List.find (fun (_, m) -> m = mechanism) |> fst

    /// One line for people.
    let about mechanism =
        match mechanism with
        | Natural -> "as the data have it: recorded data hide nothing in addition, a world has its own"
        | Mcar -> "completely at random"
        | Mar -> "by the first modality, which is always there (worlds)"
        | MnarSelf -> "by the modality's own values, which are then hidden (worlds)"
        | MnarLatent -> "by the severity that also drives the outcome"
        | OutcomeLinked -> "by the outcome itself"
        | Acquisition -> "by severity, site practice and the outcome together (worlds)"

/// One data condition of a sweep; two cells with equal values see bit-equal data.
type DataSpec = {
    /// A world ("acquisition", "world-a", see `WorldCatalog`) or a real data set ("physionet2012", see `DatasetCatalog`).
    Dataset: string
    /// Share of modalities missing, in [0, 1); None: as the data have it.
    MissingRate: float option
    Mechanism: Mechanism
    /// Slope of the mechanism's standardised score in the missingness logit; 0 makes every mechanism MCAR, but
    /// for the composite, where it is the outcome's slope alone, and MAR, which always keeps the first modality.
    MechanismStrength: float
    /// Confounding strength kappa in [0, 1].
    Confounding: float
    /// Signal strength a > 0 of the outcome (label noise is 1 / a).
    Signal: float
    /// Rows to train on; None: the data set's own (worlds: 6000).
    TrainSize: int option
    /// Replace the training and validation sets by draws without any bias (the "ceiling").
    Unbiased: bool
    /// World, sample, mask and split seeds derive from it by name.
    Seed: int
}

module DataSpec =
    /// A data set as it has it, without anything added.
    let asItIs dataset seed = {
        Dataset = dataset
        MissingRate = None
        Mechanism = Natural
        MechanismStrength = 0.
        Confounding = 0.
        Signal = 1.
        TrainSize = None
        Unbiased = false
        Seed = seed
    }
