namespace CausalDebiasing.Bench.Audit

open CausalDebiasing.Bench.Measures
open CausalDebiasing.Runtime
open MathNet.Numerics.Random

/// The bootstrap over patients: as many as there are, drawn with replacement, all rows of a patient together.
module PatientDraws =
    /// How often each row is drawn, once for each replicate.
    let counts (seed: Seed) replicates (patients: int64[]) =
        let ofRow, count = JudgedRows.numbered patients

        Array.init replicates (fun replicate ->
            let random = Xoshiro256StarStar(seed.Derive("patients", replicate).ToInt32(), false)
            let drawn = Array.zeroCreate<float> count

            for _ in 1..count do
                let patient = random.Next(count)
                drawn[patient] <- drawn[patient] + 1.

            ofRow |> Array.map (fun number -> drawn[number]))
