namespace CausalDebiasing.Bench.Shifts

open System.Numerics
open MathNet.Numerics

/// What the missingness of n patients may depend on.
type MissingnessDrivers = {
    /// n x D latent state S, row-major.
    Latent: float[]
    /// n x M: the part of the logit that comes from values, `ValueSlopes[m] . x_source(m)`.
    Projections: float[]
    /// n times 2C - 1: the confounder, -1 or 1.
    Confounder: float[]
    /// n times 2y - 1: the outcome, -1 or 1.
    Outcome: float[]
}

/// How M modalities go missing, each by a logit that is linear in its drivers:
/// logit P(o_m = 0) = b_m + l_m . S + (v_m . x - centre_m) + d_m (2C - 1) + e_m (2y - 1),
/// independently given the drivers. A patient left with nothing gets back the modality that was least
/// likely to be missing (one of them at random if several were).
type MissingnessMechanism = {
    /// M intercepts b_m; negative infinity: never missing.
    Intercepts: float[]
    /// M x D slopes l_m.
    LatentSlopes: float[][]
    /// M indices of the modality whose values drive the logit.
    ValueSources: int[]
    /// M slopes v_m over the source's features; empty where values play no part.
    ValueSlopes: float[][]
    /// M expected values of v_m . x.
    Centres: float[]
    /// M slopes d_m.
    ConfounderSlopes: float[]
    /// M slopes e_m.
    OutcomeSlopes: float[]
}

module MissingnessMechanism =
    /// Completely at random: no slopes; intercepts are still 0.
    let mcar modalities = {
        Intercepts = Array.zeroCreate modalities
        LatentSlopes = Array.create modalities [||]
        ValueSources = Array.init modalities id
        ValueSlopes = Array.create modalities [||]
        Centres = Array.zeroCreate modalities
        ConfounderSlopes = Array.zeroCreate modalities
        OutcomeSlopes = Array.zeroCreate modalities
    }

    /// The same mechanism with the opposite sign of every slope.
    let reverse mechanism = {
        mechanism with
            LatentSlopes = mechanism.LatentSlopes |> Array.map (Array.map (~-))
            ValueSlopes = mechanism.ValueSlopes |> Array.map (Array.map (~-))
            Centres = mechanism.Centres |> Array.map (~-)
            ConfounderSlopes = mechanism.ConfounderSlopes |> Array.map (~-)
            OutcomeSlopes = mechanism.OutcomeSlopes |> Array.map (~-)
    }

    /// Whether the mask can tell anything at all about a patient.
    let isInformative mechanism =
        let some = Array.exists ((<>) 0.)

        Array.exists some mechanism.LatentSlopes
        || Array.exists some mechanism.ValueSlopes
        || some mechanism.ConfounderSlopes
        || some mechanism.OutcomeSlopes

    /// n x M logits of P(o_m = 0), row-major.
    let logits mechanism drivers =
        let modalities = mechanism.Intercepts.Length
        let n = drivers.Outcome.Length
        let latents = drivers.Latent.Length / max n 1
        let result = Array.zeroCreate<float>(n * modalities)

        for m in 0 .. modalities - 1 do
            let slopes = mechanism.LatentSlopes[m]
            let projected = mechanism.ValueSlopes[m].Length > 0

            for i in 0 .. n - 1 do
                let mutable logit =
                    mechanism.Intercepts[m] - mechanism.Centres[m]
                    + mechanism.ConfounderSlopes[m] * drivers.Confounder[i]
                    + mechanism.OutcomeSlopes[m] * drivers.Outcome[i]

                if projected then
                    logit <- logit + drivers.Projections[i * modalities + m]

                for j in 0 .. slopes.Length - 1 do
                    logit <- logit + slopes[j] * drivers.Latent[i * latents + j]

                result[i * modalities + m] <- logit

        result

    /// P(o = pattern) of a patient whose missingness logits start at `row`, the rule for empty rows included.
    let patternProbability (logits: float[]) row modalities pattern =
        let mutable all = 1.
        let mutable probability = 1.
        let mutable least = infinity
        let mutable ties = 0

        for m in 0 .. modalities - 1 do
            let logit = logits[row + m]
            let missing = SpecialFunctions.Logistic logit
            all <- all * missing

            probability <- probability * (if pattern >>> m &&& 1 = 1 then 1. - missing else missing)

            if logit < least then
                least <- logit
                ties <- 1
            elif logit = least then
                ties <- ties + 1

        let onlyOne = BitOperations.PopCount(uint32 pattern) = 1

        if onlyOne && logits[row + BitOperations.TrailingZeroCount pattern] = least then
            probability + all / float ties
        else
            probability

    /// n probabilities P(o_i | S_i, x_i, C_i, y_i) of the patterns that the patients show.
    let probabilities mechanism drivers (patterns: int[]) =
        let modalities = mechanism.Intercepts.Length
        let logits = logits mechanism drivers

        patterns
        |> Array.mapi (fun i pattern -> patternProbability logits (i * modalities) modalities pattern)
