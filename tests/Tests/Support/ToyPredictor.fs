namespace CausalDebiasing.Tests.Support

open System
open CausalDebiasing.Cohorts
open CausalDebiasing.Predictors

/// A predictor that predicts by a rule and keeps what its fits were given.
type ToyPredictor(honoursOffsets: bool, predict: Cohort -> float32[]) =
    let fits = ResizeArray<FitContext>()

    /// One that gives every row the same probability.
    static member Constant(honoursOffsets, probability: float32) =
        new ToyPredictor(honoursOffsets, fun cohort -> Array.create cohort.Count probability)

    /// The contexts of its fits, in order.
    member _.Fits = List.ofSeq fits

    interface IPredictor with
        member _.Name = "toy"
        member _.HonoursOffsets = honoursOffsets

        member _.Fit(train, validation, context) =
            FitChecks.Require(train, validation, context, honoursOffsets)
            fits.Add context

        member _.PredictProbability cohort = predict cohort
        member _.Save _ = ()
        member _.Load _ = ()

    interface IDisposable with
        member _.Dispose() = ()
