namespace CausalDebiasing.Bench.Experiments

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running
open CausalDebiasing.Bench.Worlds

/// What experiments of a profile draw their axes from.
type Scope = {
    Profile: Profile
    /// The baselines of the headline comparisons.
    Baselines: string list
    /// The baselines whose response to a knob is followed.
    Followed: string list
    /// The variants of the headline comparisons.
    Compared: Variant list
    /// The variants of the followed baselines.
    Variants: Variant list
    Seeds: int list
    TrainSize: int option
}

/// A question put to the suite: the cells that answer it.
type Experiment = {
    /// Lower-case, as in tables and folders.
    Name: string
    /// One line for reports.
    Title: string
    Grids: Scope -> Grid list
}

module Scope =
    let private comparison = [ Variant.plain; Variant.paper; Variant.recommended; Variant.ceiling ]

    /// The scope of a profile, given all that there is.
    let ofProfile catalog profile =
        match profile with
        | Smoke -> {
            Profile = Smoke
            Baselines = [ "zero-fill-mlp"; "logistic" ]
            Followed = [ "zero-fill-mlp"; "logistic" ]
            Compared = comparison
            Variants = comparison
            Seeds = [ 1..3 ]
            TrainSize = Some 1500
          }
        | Quick -> {
            Profile = Quick
            Baselines = Catalog.headlineIds catalog
            Followed = [ "zero-fill-mlp" ]
            Compared = comparison
            Variants = comparison
            Seeds = [ 1..3 ]
            TrainSize = None
          }
        | Zoo -> {
            Profile = Zoo
            Baselines = Catalog.baselineIds catalog
            Followed = []
            Compared = [ Variant.plain; Variant.paper; Variant.recommended ]
            Variants = [ Variant.plain; Variant.paper; Variant.recommended ]
            Seeds = [ 1..3 ]
            TrainSize = None
          }
        | Clinical -> {
            Profile = Clinical
            Baselines = Catalog.baselineIds catalog
            Followed = []
            Compared = [ Variant.plain; Variant.recommended ]
            Variants = []
            Seeds = []
            TrainSize = None
          }
        | Evidence -> {
            Profile = Evidence
            Baselines = []
            Followed = []
            Compared = []
            Variants = []
            Seeds = []
            TrainSize = None
          }
        | Full -> {
            Profile = Full
            Baselines = Catalog.baselineIds catalog
            Followed = [ "zero-fill-mlp"; "mt" ]
            Compared = comparison
            Variants = Variant.all
            Seeds = [ 1..10 ]
            TrainSize = None
          }

    /// One point of the Acquisition world, confounded and with outcome-linked missingness, for the followed
    /// baselines; experiments vary its axes.
    let acquisition scope = {
        Datasets = [ "acquisition" ]
        Baselines = scope.Followed
        Variants = scope.Variants
        Candidates = 1
        MissingRates = [ UsualCondition.missingRate ]
        Mechanisms = [ Acquisition ]
        MechanismStrengths = [ UsualCondition.mechanismStrength ]
        Confoundings = [ UsualCondition.confounding ]
        Signals = [ UsualCondition.signal ]
        TrainSizes = [ scope.TrainSize ]
        Seeds = scope.Seeds
    }
