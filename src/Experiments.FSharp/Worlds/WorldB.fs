namespace CausalDebiasing.Bench.Worlds

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Shifts
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime

/// World B, where latent severity s confounds and the pattern is only a proxy of it, so that adjusting for the pattern
/// helps in part: s ~ N(0, 1); x_m = A_m s + N(0, I); y ~ Bern(sigmoid(a (w . x + kappa_s s))), kappa_s = 2 kappa;
/// logit P(o_m = 0) = b + strength d_m s with d_m = +-1.
type WorldB = {
    /// w_m, see `LinearOutcome.weights`.
    Weights: float[][]
    /// A_m: 8 entries N(0, 1) / 2.
    Loadings: float[][]
    /// kappa_s.
    Severity: float
    /// The mechanism of each condition.
    Mechanisms: Map<Condition, MissingnessMechanism>
    /// a > 0.
    Signal: float
}

module WorldB =
    let private drivers severity outcome = {
        Latent = severity
        Projections = [||]
        Confounder = outcome
        Outcome = outcome
    }

    /// Draws the constants and fits the mechanisms to the missing rate.
    /// Raises InputException for a rate that cannot be reached.
    let create (spec: DataSpec) =
        let world = Seed(uint64 spec.Seed).Derive "world"

        let mechanism = {
            MissingnessMechanism.mcar LinearOutcome.modalities with
                LatentSlopes =
                    Draws.signs world "signs" LinearOutcome.modalities
                    |> Array.map (fun sign -> [| sign * spec.MechanismStrength |])
        }

        let severity = NormalIntegral.quantiles 2000

        {
            Weights = LinearOutcome.weights world
            Loadings =
                Array.init LinearOutcome.modalities (fun m ->
                    Draws.normals world $"loadings/{m}" LinearOutcome.features
                    |> Array.map (fun z -> z / 2.))
            Severity = 2. * spec.Confounding
            Mechanisms = LinearOutcome.mechanisms spec mechanism (drivers severity (Array.create 2000 1.))
            Signal = spec.Signal
        }

    /// d(w . x + kappa_s s) / ds through the hidden modalities and kappa_s.
    let private slope world pattern =
        world.Severity
        + LinearOutcome.overHidden pattern (fun m -> LinearOutcome.dot world.Weights[m] world.Loadings[m])

    /// P(y = 1 | do(x_obs)) = E_s E[sigmoid(a (w . x + kappa_s s)) | x_obs set, x_hidden ~ P(. | s)], s ~ N(0, 1), for each
    /// row: as the exponent is Gaussian, exact up to one-dimensional quadrature.
    let doProbability (world: WorldB) (cohort: Cohort) =
        let hiddenSd = LinearOutcome.hiddenSd world.Weights

        Array.init cohort.Count (fun row ->
            let pattern = cohort.Pattern row
            let slope = slope world pattern

            NormalIntegral.logistic
                (world.Signal * LinearOutcome.observedPart world.Weights cohort row)
                (world.Signal * sqrt (slope * slope + hiddenSd[pattern] * hiddenSd[pattern])))

    /// P(y = 1 | x_obs, o) under a condition, proportional to the integral over the Gaussian posterior of s given
    /// x_obs of P(o | s) P(y | x_obs, s).
    let bayesProbability (world: WorldB) condition (cohort: Cohort) =
        let mechanism = world.Mechanisms[condition]
        let hiddenSd = LinearOutcome.hiddenSd world.Weights

        Array.init cohort.Count (fun row ->
            let pattern = cohort.Pattern row
            let mutable precision = 1.
            let mutable weighted = 0.

            for m in 0 .. LinearOutcome.modalities - 1 do
                if LinearOutcome.observes pattern m then
                    let x = cohort.Row(m, row)

                    for f in 0 .. LinearOutcome.features - 1 do
                        precision <- precision + world.Loadings[m][f] * world.Loadings[m][f]
                        weighted <- weighted + world.Loadings[m][f] * float x[f]

            let severity =
                NormalIntegral.nodes
                |> Array.map (fun z -> weighted / precision + z / sqrt precision)

            let seen =
                MissingnessMechanism.probabilities
                    mechanism
                    (drivers severity (Array.create severity.Length 1.))
                    (Array.create severity.Length pattern)
                |> Array.map2 (*) NormalIntegral.weights

            let observed = LinearOutcome.observedPart world.Weights cohort row
            let slope = slope world pattern

            let positive =
                Array.map2
                    (fun weight s ->
                        weight
                        * NormalIntegral.logistic
                            (world.Signal * (observed + slope * s))
                            (world.Signal * hiddenSd[pattern]))
                    seen
                    severity

            Array.sum positive / Array.sum seen)

    /// Draws a cohort of n rows; complete data do not depend on the condition, the rate or the strength.
    let draw (spec: DataSpec) (world: WorldB) condition (name: string) sampleNumber n =
        let seed = Seed(uint64 spec.Seed).Derive("sample").Derive(name = name)
        let severity = Draws.normals seed "severity" n

        let values =
            LinearOutcome.values (fun m i f -> world.Loadings[m][f] * severity[i]) seed n

        let outcome =
            LinearOutcome.outcomes
                world.Signal
                world.Weights
                values
                (fun i -> world.Severity * severity[i])
                seed
                n

        let mask =
            LinearOutcome.hide
                spec
                world.Mechanisms[condition]
                (drivers severity outcome)
                (seed.Derive "mask")

        WorldCohort.create sampleNumber values mask outcome

    /// Training, validation and test sets with Bayes-optimal and interventional probabilities. Severity confounds in
    /// all of them; "do" hides at random and "reversed" with slopes of the opposite sign.
    /// Raises InputException for a missing rate that cannot be reached.
    let study (spec: DataSpec) =
        let world = create spec

        LinearOutcome.study spec (draw spec world) (bayesProbability world) (doProbability world)
