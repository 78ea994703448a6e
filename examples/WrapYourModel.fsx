// Wraps a network of your own from a script or notebook, with the package alone: dotnet fsi examples/WrapYourModel.fsx
#r "nuget: CausalDebias"

open System
open CausalDebiasing
open CausalDebiasing.Cohorts
open CausalDebiasing.Networks
open CausalDebiasing.Networks.Encoders
open CausalDebiasing.Predictors
open CausalDebiasing.Runtime
open CausalDebiasing.Training

type MyNet(context: BackboneContext) as this =
    inherit Backbone("MyNet")
    let encoders = new EncoderBank(context.Modalities, 16, context.Random)
    do this.RegisterComponents()
    override _.Width = 16

    override _.Represent batch =
        Representation(encoders.Encode(batch).mean [| 1L |])

let random = Random 7

/// Vital signs shift with the outcome, and laboratory values are there more often in the sick.
let draw rows =
    let builder =
        CohortBuilder(Modality.Tabular("vitals", 4), Modality.Tabular("labs", 4))

    for patient in 1L .. rows do
        let outcome = random.Next 2
        let values = Array.init 4 (fun _ -> float32 outcome + 4f * random.NextSingle())
        let isTested = random.NextDouble() < 0.4 + 0.4 * float outcome

        builder.Add(
            Nullable patient,
            "north",
            Nullable outcome,
            struct ("vitals", values),
            struct ("labs", (if isTested then values else null))
        )
        |> ignore

    builder.Build()

let plain = new NeuralPredictor("my-net", (fun context -> new MyNet(context)))
let debiased = CausalDebias.Wrap plain
debiased.Fit(draw 1000L, draw 500L, FitContext(Seed = Seed 1UL))
printfn "%s" (debiased.DeployTo((draw 500L).WithoutOutcomes())).Reason
printfn $"P(y = 1) of one patient {(debiased.PredictProbability(draw 1L)).[0]:f3}"
