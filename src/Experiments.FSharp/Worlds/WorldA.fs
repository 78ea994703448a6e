namespace CausalDebiasing.Bench.Worlds

open System
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Shifts
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime

/// World A, where the missingness pattern r itself confounds and adjusting for it is right:
/// r ~ P(r); x_m ~ N(kappa v_{r,m}, I); y ~ Bern(sigmoid(a (w . x + kappa eta_r))); the modalities of r are seen.
/// P(r): logit P(o_m = 0) = b + strength t with care intensity t ~ N(0, 1), which touches nothing else.
/// As x depends on r, the complete data of this world change with the missing rate.
type WorldA = {
    /// w_m, see `LinearOutcome.weights`.
    Weights: float[][]
    /// v_{r,m}: [pattern][modality], 8 entries N(0, 1) / 2, times kappa.
    Shifts: float[][][]
    /// eta_r: one entry 1.5 N(0, 1) per pattern, times kappa.
    Effects: float[]
    /// P(r) for each of the 16 patterns; the empty one has 0.
    PatternProbability: float[]
    /// How r is drawn.
    Mechanism: MissingnessMechanism
    /// a > 0.
    Signal: float
}

module WorldA =
    let private patterns = 1 <<< LinearOutcome.modalities

    let private drivers intensity =
        let n = Array.length intensity

        {
            Latent = intensity
            Projections = [||]
            Confounder = Array.create n 1.
            Outcome = Array.create n 1.
        }

    /// Draws the constants and fits P(r) to the missing rate.
    /// Raises InputException for a rate that cannot be reached.
    let create (spec: DataSpec) =
        let world = Seed(uint64 spec.Seed).Derive "world"
        let kappa = spec.Confounding
        let population = drivers (NormalIntegral.quantiles 2000)
        let rate = WorldCohort.missingRate spec

        let mechanism =
            MissingnessRate.fit
                rate
                {
                    MissingnessMechanism.mcar LinearOutcome.modalities with
                        LatentSlopes = Array.create LinearOutcome.modalities [| spec.MechanismStrength |]
                }
                population

        {
            Weights = LinearOutcome.weights world
            Shifts =
                Array.init patterns (fun r ->
                    Array.init LinearOutcome.modalities (fun m ->
                        Draws.normals world $"shifts/{r}/{m}" LinearOutcome.features
                        |> Array.map ((*) (kappa / 2.))))
            Effects = Draws.normals world "effects" patterns |> Array.map ((*) (1.5 * kappa))
            PatternProbability =
                Array.init patterns (fun r ->
                    if r = 0 then
                        0.
                    else
                        MissingnessMechanism.probabilities
                            mechanism
                            population
                            (Array.create population.Outcome.Length r)
                        |> Array.average)
            Mechanism = mechanism
            Signal = spec.Signal
        }

    /// E over x_hidden | r of sigmoid(a (w_obs . x_obs + w_hidden . x_hidden + extra)) for a row.
    let private marginal (world: WorldA) (hiddenSd: float[]) observedPart pattern r extra =
        let shift =
            LinearOutcome.overHidden pattern (fun m -> LinearOutcome.dot world.Weights[m] world.Shifts[r].[m])

        NormalIntegral.logistic
            (world.Signal * (observedPart + shift + extra))
            (world.Signal * hiddenSd[pattern])

    let private each (world: WorldA) (cohort: Cohort) f =
        let hiddenSd = LinearOutcome.hiddenSd world.Weights

        Array.init cohort.Count (fun row ->
            f
                row
                (cohort.Pattern row)
                (marginal
                    world
                    hiddenSd
                    (LinearOutcome.observedPart world.Weights cohort row)
                    (cohort.Pattern row)))

    /// P(y = 1 | do(x_obs)) = sum_r P(r) E[sigmoid(a (w . x + kappa eta_r)) | x_obs set, x_hidden ~ P(. | r)],
    /// for each row; exact up to one-dimensional quadrature.
    let doProbability world cohort =
        each world cohort (fun _ _ marginal ->
            Seq.init patterns id
            |> Seq.sumBy (fun r ->
                if r = 0 then
                    0.
                else
                    world.PatternProbability[r] * marginal r world.Effects[r]))

    /// P(r' | x_obs) of the pattern that shifted the values, when it is not the pattern that is seen.
    let private imprintPosterior world (cohort: Cohort) row pattern =
        let logs =
            Array.init patterns (fun r ->
                let mutable sum = log world.PatternProbability[r]

                for m in 0 .. LinearOutcome.modalities - 1 do
                    if LinearOutcome.observes pattern m then
                        let x = cohort.Row(m, row)

                        for f in 0 .. LinearOutcome.features - 1 do
                            let v = world.Shifts[r].[m].[f]
                            sum <- sum + v * float x[f] - v * v / 2.

                sum)

        let top = Array.max logs
        let likelihood = logs |> Array.map (fun l -> exp (l - top))
        let total = Array.sum likelihood
        likelihood |> Array.map (fun l -> l / total)

    /// P(y = 1 | x_obs, r) under a condition. In distribution, x_hidden follows the r that is seen; reversed, it
    /// does with the opposite shift; on the interventional test set it follows an independent r' whose posterior
    /// comes from x_obs, while y follows the r that is seen.
    let bayesProbability world condition (cohort: Cohort) =
        match condition with
        | InDistribution ->
            each world cohort (fun _ pattern marginal -> marginal pattern world.Effects[pattern])
        | Reversed ->
            let reversed = {
                world with
                    Shifts = world.Shifts |> Array.map (Array.map (Array.map (~-)))
            }

            each reversed cohort (fun _ pattern marginal -> marginal pattern world.Effects[pattern])
        | Interventional ->
            each world cohort (fun row pattern marginal ->
                imprintPosterior world cohort row pattern
                |> Array.mapi (fun r p -> if p = 0. then 0. else p * marginal r world.Effects[pattern])
                |> Array.sum)

    /// Draws a cohort of n rows. "do" redraws r independently of x before y and the mask follow it; "reversed"
    /// shifts x against v.
    let draw (spec: DataSpec) world condition (name: string) sampleNumber n =
        let seed = Seed(uint64 spec.Seed).Derive("sample").Derive(name = name)

        let redraw stream =
            LinearOutcome.hide
                spec
                world.Mechanism
                (drivers (Draws.normals seed $"intensity/{stream}" n))
                (seed.Derive(name = stream))

        let mask = redraw "mask"

        let imprinting =
            if condition = Interventional then
                redraw "imprint"
            else
                mask

        let sign = if condition = Reversed then -1. else 1.

        let pattern (mask: bool[]) i =
            MissingnessPattern.Of(ReadOnlySpan mask, i, LinearOutcome.modalities)

        let shifting = Array.init n (pattern imprinting)

        let values =
            LinearOutcome.values (fun m i f -> sign * world.Shifts[shifting[i]].[m].[f]) seed n

        LinearOutcome.outcomes
            world.Signal
            world.Weights
            values
            (fun i -> world.Effects[pattern mask i])
            seed
            n
        |> WorldCohort.create sampleNumber values mask

    /// Training, validation and test sets with Bayes-optimal and interventional probabilities.
    /// Raises InputException for a missing rate that cannot be reached.
    let study (spec: DataSpec) =
        let world = create spec

        LinearOutcome.study spec (draw spec world) (bayesProbability world) (doProbability world)
