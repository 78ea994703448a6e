namespace CausalDebiasing.Bench.Measures

open System
open System.Runtime.InteropServices
open CausalDebiasing.Runtime
open MathNet.Numerics.Random
open MathNet.Numerics.Statistics

/// The clustered bootstrap: patients are drawn with replacement, each with all of its rows (Field and Welsh, J. R. Statist. Soc. B 69, 2007).
/// A draw is a weight for every patient, so that predictions are sorted once and not in every resample.
module PatientBootstrap =
    /// Usual number of resamples.
    let resamples = 1000

    /// Resamples that share a generator; the numbers do not depend on how many are drawn at a time.
    let private chunk = 50

    let private draw (random: Xoshiro256StarStar) (bytes: byte[]) (weights: int[]) =
        Array.Clear weights
        random.NextBytes bytes
        let numbers = MemoryMarshal.Cast<byte, uint32>(ReadOnlySpan bytes)

        for i in 0 .. numbers.Length - 1 do
            let patient = int ((uint64 numbers[i] * uint64 weights.Length) >>> 32)
            weights[patient] <- weights[patient] + 1

    /// What is made of the patients' weights, which are not to be kept, in each resample, with a generator of the seed's own.
    let values count (seed: Seed) patients (ofWeights: int[] -> 'a) : 'a[] =
        let chunks = (count + chunk - 1) / chunk

        Array.Parallel.init chunks (fun number ->
            let random = Xoshiro256StarStar(seed.Derive("resamples", number).ToInt32(), false)

            let weights, bytes = Array.zeroCreate patients, Array.zeroCreate (4 * patients)

            [|
                for _ in 1 .. min chunk (count - number * chunk) do
                    draw random bytes weights
                    ofWeights weights
            |])
        |> Array.concat

    /// How often each row is drawn, [n], in each resample.
    let ofRows count seed (patients: int64[]) : float[][] =
        let ofRow, patientCount = JudgedRows.numbered patients

        values count seed patientCount (fun weights ->
            ofRow |> Array.map (fun number -> float weights[number]))

    /// A number with the percentile interval of its values over resamples; those that are not defined are left out.
    let interval value (values: float[]) =
        match values |> Array.filter Double.IsFinite with
        | [||] -> Measured.exact value
        | defined -> {
            Value = value
            Low = Statistics.Quantile(defined, 0.025)
            High = Statistics.Quantile(defined, 0.975)
          }

    /// AUROC of predictions.
    let auroc count seed (rows: JudgedRows) =
        let ranked = RankedRows.ofRows rows

        values count seed rows.PatientCount (fun weights -> RankedRows.auroc weights ranked)
        |> interval (RankedRows.auroc (Array.create rows.PatientCount 1) ranked)
