// Wraps a baseline from F#. Build first, then: dotnet fsi examples/WrapABaseline.fsx
#I "../src/Experiments.FSharp/bin/Release/net10.0/linux-x64"
#r "TorchSharp.dll"
#r "CausalDebias.Core.dll"
#r "CausalDebias.Baselines.dll"
#r "CausalDebias.Bench.dll"

open System
open CausalDebiasing
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Metrics
open CausalDebiasing.Catalogue
open CausalDebiasing.Predictors
open CausalDebiasing.Runtime

let study =
    AcquisitionWorld.study AcquisitionScenario.standard {
        Dataset = "acquisition"
        MissingRate = Some 0.3
        Mechanism = Acquisition
        MechanismStrength = 0.5
        Confounding = 0.7
        Signal = 1.
        TrainSize = Some 3000
        Unbiased = false
        Seed = 1
    }

let baselines = BaselineCatalog.Discover(typeof<Baselines.ZeroFillMlp>.Assembly)

for name, predictor in
    [
        "plain", baselines.Find("mt").Create()
        "wrapped", CausalDebias.Wrap(baselines.Find("mt").Create()) :> IPredictor
    ] do
    predictor.Fit(study.Train, study.Validation, FitContext(Seed = Seed 1UL))

    for test in study.Tests do
        let probability: float32[] = predictor.PredictProbability test.Cohort
        printfn $"{name} {test.Condition}: AUROC {Auroc.Compute(test.Cohort.Labels, ReadOnlySpan probability):f3}"
