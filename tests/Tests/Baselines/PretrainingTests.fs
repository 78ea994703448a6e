module CausalDebiasing.Tests.Baselines.PretrainingTests

open System
open System.Diagnostics
open Expecto
open TorchSharp
open CausalDebiasing.Catalogue
open CausalDebiasing.Baselines
open CausalDebiasing.Cohorts
open CausalDebiasing.Networks
open CausalDebiasing.Predictors
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support

let private pretrained: (string * (BackboneContext -> Backbone)) list = [
    "m3ae-t", (fun context -> new M3aeTransformer(context))
    "medfuse", (fun context -> new MedFuse(context))
]

/// Whether pre-training under a time budget changes what the backbone has learned.
let private learns (id: string) (create: BackboneContext -> Backbone) (budget: Nullable<TimeSpan>) =
    use _ = torch.NewDisposeScope()
    let cohort = Toy.cohort { Toy.standard with Rows = 100 }
    use rows = new TensorCohort(cohort, true)
    use random = (Seed 1UL).ToGenerator()
    let defaults = Hyperparameters(Toy.catalog.Find(id).Hyperparameters)
    use backbone = create (BackboneContext(cohort.Modalities, defaults, random))

    let state () = [
        for value in backbone.state_dict().Values -> value.detach().data<float32>().ToArray()
    ]

    let before = state ()
    let clock = Stopwatch.StartNew()
    backbone.Pretrain(TrainingRows(rows, FitContext(Seed = Toy.seed 2, TimeBudget = budget), clock))
    state () <> before

[<Tests>]
let tests =
    Trained.tests "pre-training" [
        for id, create in pretrained do
            testCase $"{id} pre-trains as long as there is time"
            <| fun () ->
                Expect.isTrue (learns id create (Nullable())) "without a budget"
                Expect.isFalse (learns id create (Nullable TimeSpan.Zero)) "when the budget is used up"
    ]
