module CausalDebiasing.Tests.Predictors.PredictedProbabilitiesTests

open Expecto
open CausalDebiasing
open CausalDebiasing.Debiasing
open CausalDebiasing.Predictors
open CausalDebiasing.Tests.Support

let private train, validation, test = Toy.draws { Toy.standard with Rows = 200 }

[<Tests>]
let tests =
    Trained.tests "predicted probabilities" [
        for what, said, values in
            [
                "one too few", "199 probabilities for 200 rows", (fun count -> Array.create (count - 1) 0.5f)
                "NaN",
                "NaN for row 3",
                (fun count -> Array.init count (fun i -> if i = 3 then nanf else 0.5f))
                "more than 1", "outside [0, 1] for row 0", (fun count -> Array.create count 1.5f)
                "less than 0", "outside [0, 1] for row 0", (fun count -> Array.create count -0.1f)
            ] do
            for name, options in
                [
                    "recommended", DebiasOptions.Recommended
                    "exact adjustment", DebiasOptions(Adjustment = PatternAdjustment.Exact)
                    "trained twice", DebiasOptions(JustTrainTwice = true)
                ] do
                testCase $"a predictor that gives {what} is not believed, and named: {name}"
                <| fun () ->
                    use given = new ToyPredictor(false, fun cohort -> values cohort.Count)
                    use wrapped = CausalDebias.Wrap(given, options)

                    let message =
                        InputErrors.message (fun () ->
                            wrapped.Fit(train, validation, Toy.context 1)
                            wrapped.PredictProbability test |> ignore)

                    Expect.stringContains message "'toy'" "which"
                    Expect.stringContains message said "what"
    ]
