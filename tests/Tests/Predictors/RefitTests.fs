module CausalDebiasing.Tests.Predictors.RefitTests

open System
open System.Threading
open Expecto
open CausalDebiasing
open CausalDebiasing.Predictors
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support

let private cohort = Toy.cohort Toy.standard

let private fit (predictor: IPredictor) (context: FitContext) = predictor.Fit(cohort, cohort, context)

/// A fit that is cancelled after its first epoch.
let private cancelled (predictor: IPredictor) =
    use source = new CancellationTokenSource()

    Expect.throwsT<OperationCanceledException>
        (fun () ->
            fit
                predictor
                (FitContext(
                    Seed = Toy.seed 2,
                    MostEpochs = 3,
                    Cancellation = source.Token,
                    Progress = Action<_>(fun _ -> source.Cancel())
                )))
        "cancelled"

[<Tests>]
let tests =
    Trained.tests "refit" [
        for name, create in
            [
                "a network", (fun () -> Toy.create "zero-fill-mlp")
                "a wrapped network", (fun () -> CausalDebias.Wrap(Toy.create "zero-fill-mlp") :> IPredictor)
                "a predictor that trains twice",
                (fun () ->
                    CausalDebias.Wrap(Toy.create "lightgbm", DebiasOptions.Presets["jtt"]) :> IPredictor)
            ] do
            testCase $"{name} keeps its earlier fit when another is cancelled"
            <| fun () ->
                use predictor = create ()
                fit predictor (FitContext(Seed = Toy.seed 1, MostEpochs = 2))
                let before = predictor.PredictProbability cohort
                cancelled predictor
                Expect.equal (predictor.PredictProbability cohort) before "as fitted before"

            testCase $"{name} whose first fit is cancelled predicts nothing"
            <| fun () ->
                use predictor = create ()
                cancelled predictor

                Expect.throwsT<InvalidOperationException>
                    (fun () -> predictor.PredictProbability cohort |> ignore)
                    "not fitted"

        testCase "a wrapped predictor keeps its earlier fit when a later step fails"
        <| fun () ->
            let mutable isBroken = false

            let inner =
                new ToyPredictor(
                    true,
                    fun cohort ->
                        if isBroken then
                            failwith "broken"

                        Array.init cohort.Count (fun row -> 0.2f + 0.6f * cohort.Labels[row])
                )

            use predictor = CausalDebias.Wrap(inner, DebiasOptions.Recommended)
            fit predictor (FitContext(Seed = Toy.seed 1))
            let before = predictor.PredictProbability cohort
            isBroken <- true

            Expect.throws
                (fun () -> fit predictor (FitContext(Seed = Toy.seed 2)))
                "what is decided after the inner fit"

            isBroken <- false
            Expect.equal (predictor.PredictProbability cohort) before "as fitted before"
    ]
