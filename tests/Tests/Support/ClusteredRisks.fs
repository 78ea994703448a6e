/// Patients whose risks are known, with rows that are alike within a patient.
module CausalDebiasing.Tests.Support.ClusteredRisks

open CausalDebiasing.Bench.Measures
open CausalDebiasing.Runtime
open MathNet.Numerics
open MathNet.Numerics.Distributions
open MathNet.Numerics.Random

/// How predictions are made of a row's true logit.
type Prediction = {
    Intercept: float
    Slope: float
    /// Standard deviation of what is added to the logit, of one's own for each prediction.
    Noise: float
}

/// The truth itself.
let right = {
    Intercept = 0.
    Slope = 1.
    Noise = 0.
}

/// Rows of patients with predictions of some kinds; the logit of a row is that of its patient, with standard deviation `spread`, and of
/// the row.
let draw (seed: int) patients rowsEach spread (kinds: Prediction list) : JudgedRows list =
    let random = Xoshiro256StarStar(Seed(uint64 seed).Derive("risks").ToInt32(), false)
    let normal () = Normal.Sample(random, 0., 1.)
    let rows = patients * rowsEach
    let ofPatient = Array.init patients (fun _ -> spread * normal ())

    let logits =
        Array.init rows (fun row -> -1. + ofPatient[row / rowsEach] + 0.7 * normal ())

    let outcomes =
        logits
        |> Array.map (fun logit ->
            if random.NextDouble() < SpecialFunctions.Logistic logit then
                1.
            else
                0.)

    let keys = Array.init rows (fun row -> row / rowsEach)

    kinds
    |> List.map (fun kind ->
        let probabilities =
            logits
            |> Array.map (fun logit ->
                kind.Intercept + kind.Slope * logit + kind.Noise * normal ()
                |> SpecialFunctions.Logistic)

        JudgedRows.create probabilities outcomes keys)
