namespace CausalDebiasing.Bench.Shifts

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Runtime
open MathNet.Numerics.Statistics

/// What a world lends to its mechanisms.
type MechanismSetting = {
    /// M x D directions u_m in the latent state.
    Directions: float[][]
    /// M signs, -1 or 1: whether a modality is taken more or less often.
    Signs: float[]
    /// Number of features of each modality.
    Widths: int[]
    /// `Project source weights`: weights . x_source for every patient of the training population.
    Project: int -> float[] -> float[]
    /// Random weights come from here.
    Seed: Seed
}

/// The mechanisms by name, with slopes but without intercepts. The slope on a score of unit variance is the
/// strength (Muzellec et al., Missing Data Imputation using Optimal Transport, ICML 2020, for modalities).
module MechanismCatalog =
    let private slope strength (direction: float[]) =
        let norm = direction |> Array.sumBy (fun v -> v * v) |> sqrt
        direction |> Array.map (fun v -> strength * v / norm)

    let private byValues strength setting sources =
        let slopes, centres =
            sources
            |> Array.mapi (fun m source ->
                let weights = Draws.normals setting.Seed $"weights/{m}" setting.Widths[source]

                let struct (mean, sd) =
                    ArrayStatistics.MeanStandardDeviation(setting.Project source weights)

                Array.map (fun w -> strength * w / sd) weights, strength * mean / sd)
            |> Array.unzip

        {
            MissingnessMechanism.mcar sources.Length with
                ValueSources = sources
                ValueSlopes = slopes
                Centres = centres
        }

    /// The mechanism of a kind at a strength. `Natural` is the world's own: the composite.
    let create kind strength setting =
        let modalities = setting.Widths.Length
        let mcar = MissingnessMechanism.mcar modalities

        match kind with
        | Mcar -> mcar
        | Mar ->
            let mar = byValues strength setting (Array.zeroCreate modalities)

            {
                mar with
                    Intercepts = Array.init modalities (fun m -> if m = 0 then -infinity else 0.)
            }
        | MnarSelf -> byValues strength setting (Array.init modalities id)
        | MnarLatent -> {
            mcar with
                LatentSlopes = setting.Directions |> Array.map (slope strength)
          }
        | OutcomeLinked -> {
            mcar with
                OutcomeSlopes = setting.Signs |> Array.map ((*) strength)
          }
        | Acquisition
        | Natural -> {
            mcar with
                LatentSlopes = setting.Directions
                ConfounderSlopes = setting.Signs |> Array.map ((*) 0.5)
                OutcomeSlopes = setting.Signs |> Array.map ((*) strength)
          }
