namespace CausalDebiasing.Bench.Exchange

open System.Collections.Generic
open CausalDebiasing.Cohorts
open CausalDebiasing.Predictors

/// What a predictor is given to learn from.
type Given = {
    Train: Cohort
    Validation: Cohort
    Context: FitContext
}

/// Stands where a model from outside will: learns nothing, and keeps what it is given and asked for.
type Recorder(honoursOffsets: bool) =
    let asked = List<Cohort>()
    let mutable given: Given option = None

    /// Of the last fit.
    member _.Given = given

    /// The rows that probabilities were asked for, in order.
    member _.Asked = List.ofSeq asked

    interface IPredictor with
        member _.Name = "recorder"
        member _.HonoursOffsets = honoursOffsets

        member _.Fit(train, validation, context) =
            given <-
                Some {
                    Train = train
                    Validation = validation
                    Context = context
                }

        member _.PredictProbability(cohort) =
            asked.Add cohort
            Array.create cohort.Count 0.5f

        member _.Save(_) = ()
        member _.Load(_) = ()
        member _.Dispose() = ()
