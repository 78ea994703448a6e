/// Cell results as a run would leave them, with known effects in place of training.
module CausalDebiasing.Tests.Support.SyntheticResults

open CausalDebiasing.Runtime
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running
open CausalDebiasing.Bench.Worlds
open MathNet.Numerics.Distributions
open MathNet.Numerics.Random
open CausalDebiasing.Predictors

let world dataset kappa strength seed : DataSpec = {
    Dataset = dataset
    MissingRate = Some 0.3
    Mechanism = if strength > 0. then OutcomeLinked else Mcar
    MechanismStrength = strength
    Confounding = kappa
    Signal = 1.
    TrainSize = None
    Unbiased = false
    Seed = seed
}

/// A regime of the recommended options' evidence with confounding alone, or with no bias.
let confounded kappa seed : DataSpec = {
    world "acquisition" kappa 0. seed with
        Mechanism = Acquisition
}

let physionet seed : DataSpec = {
    world "physionet2012" 0. 0. seed with
        MissingRate = None
        Mechanism = Natural
}

let measure condition auroc : Measure = {
    Condition = condition
    TestRows = 2000
    Auroc = auroc
    Auprc = auroc - 0.2
    Brier = 0.3 - auroc / 5.
    Ece = 0.02
    LogLoss = 0.9 - auroc / 2.
    OracleAuroc = nan
    DoRisk = nan
}

let result (data: DataSpec) baseline variant measures : CellResult = {
    Cell = {
        Data = {
            data with
                Unbiased = Variant.isUnbiased variant
        }
        Baseline = baseline
        Variant = variant
        Hyperparameters = Map.empty
    }
    CellId =
        $"%A{data}{baseline}{variant}".GetHashCode(System.StringComparison.Ordinal)
        |> string
    Status = Done
    Error = ""
    Details = ""
    TrainRows = 6000
    FitSeconds = 1.5
    Measures = measures
    Diagnostics = Map.empty
}

/// A finished cell with one measure.
let cell data baseline variant condition auroc =
    result data baseline variant [ measure condition auroc ]

let failed (data: DataSpec) baseline variant error : CellResult = {
    result data baseline variant [] with
        Status = Failed
        Error = error
}

let private penalty variant condition (data: DataSpec) =
    let bias = 0.09 * data.Confounding + 0.11 * data.MechanismStrength

    let kept =
        match variant with
        | _ when variant = Variant.plain -> 1.
        | _ when variant = Variant.paper -> 1.4
        | _ when variant = Variant.recommended -> 0.1
        | _ -> 0.

    match condition with
    | "id" -> -0.4 * bias * kept
    | "do" -> bias * kept
    | _ -> 3.5 * bias * kept

/// Results like those of a small run: two sweeps and a grid in the Acquisition world, PhysioNet, and a failed cell.
let run: (string * CellResult) list Lazy =
    lazy
        (let random = Xoshiro256StarStar(Seed(7UL).Derive("synthetic").ToInt32())
         let noise sd = Normal.Sample(random, 0., sd)
         let baselines = [ "zero-fill-mlp"; "mt"; "muse"; "lightgbm" ]
         let variants = [ Variant.plain; Variant.paper; Variant.recommended; Variant.ceiling ]

         let study (data: DataSpec) = [
             let level = 0.786 + 0.01 * float data.Seed - 0.15 * Option.get data.MissingRate

             for index, baseline in List.indexed baselines do
                 for variant in variants do
                     result data baseline variant [
                         for condition in [ "id"; "do"; "reversed" ] do
                             {
                                 measure
                                     condition
                                     (level - 0.006 * float index - penalty variant condition data
                                      + noise 0.004) with
                                     OracleAuroc = level + 0.02
                                     DoRisk = 0.1 + penalty variant condition data
                             }
                     ]
         ]

         [
             for seed in 1..3 do
                 for kappa in [ 0.; 0.4; 0.7; 1. ] do
                     for result in study (world "acquisition" kappa 0. seed) do
                         "confounding", result

                 for strength in [ 0.25; 0.5; 1. ] do
                     for result in study (world "acquisition" 0. strength seed) do
                         "missingness", result

                 for kappa in [ 0.; 0.5; 1. ] do
                     for rate in [ 0.1; 0.3; 0.5; 0.7 ] do
                         for result in
                             study {
                                 world "acquisition" kappa 0.5 seed with
                                     MissingRate = Some rate
                             } do
                             "phase", result

                 for index, baseline in List.indexed baselines do
                     for variant in [ Variant.plain; Variant.paper; Variant.recommended ] do
                         "real",
                         cell
                             (physionet seed)
                             baseline
                             variant
                             "id"
                             (0.84 - 0.01 * float index
                              + (if variant = Variant.recommended then 0.004 else 0.)
                              + noise 0.006)
             "real", failed (physionet 6) "muse" Variant.paper "Loss became NaN in epoch 3, \"lr\" <too> high"
         ])
