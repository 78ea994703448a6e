namespace CausalDebiasing.Bench.Audit

open System.Collections.Generic
open CausalDebiasing.Runtime
open MathNet.Numerics.Random

/// The bootstrap over patients: as many as there are, drawn with replacement, all rows of a patient together.
module PatientDraws =
    /// How often each row is drawn, once for each replicate.
    let counts (seed: Seed) replicates (patients: int64[]) =
        let numbers = Dictionary<int64, int>()

        let ofRow =
            patients
            |> Array.map (fun patient ->
                match numbers.TryGetValue patient with
                | true, number -> number
                | _ ->
                    let number = numbers.Count
                    numbers[patient] <- number
                    number)

        Array.init replicates (fun replicate ->
            let random = Xoshiro256StarStar(seed.Derive("patients", replicate).ToInt32(), false)
            let drawn = Array.zeroCreate<float> numbers.Count

            for _ in 1 .. numbers.Count do
                let patient = random.Next(numbers.Count)
                drawn[patient] <- drawn[patient] + 1.

            ofRow |> Array.map (fun number -> drawn[number]))
