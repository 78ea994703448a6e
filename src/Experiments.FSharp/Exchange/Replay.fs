namespace CausalDebiasing.Bench.Exchange

open System.Collections.Generic
open CausalDebiasing.Bench.Running
open CausalDebiasing.Predictors

/// Gives the probabilities that a model from outside gave for the rows of a study.
type Replay(study: ExchangeStudy, probabilities: IReadOnlyDictionary<string, float32>) =
    let known =
        dict [
            for request in study.Requests ->
                CohortHash.ofInputs request.Rows, request.Keys |> Array.map (fun key -> probabilities[key])
        ]

    interface IPredictor with
        member _.Name = "replay"
        member _.HonoursOffsets = true
        member _.Fit(_, _, _) = ()

        member _.PredictProbability(cohort) =
            match known.TryGetValue(CohortHash.ofInputs cohort) with
            | true, found -> Array.copy found
            | _ -> invalidOp "Probabilities are asked for rows that are not those of the study."

        member _.Save(_) = ()
        member _.Load(_) = ()
        member _.Dispose() = ()
