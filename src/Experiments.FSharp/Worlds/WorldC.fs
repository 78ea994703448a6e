namespace CausalDebiasing.Bench.Worlds

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Shifts
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime

/// World C, where the pattern is an effect of the outcome and adjusting for it is wrong: x_m ~ N(0, I);
/// y ~ Bern(sigmoid(a w . x)); logit P(o_m = 0) = b + strength d_m (2y - 1) with d_m = +-1. Nothing confounds x and y, so
/// kappa plays no part.
type WorldC = {
    /// w_m, see `LinearOutcome.weights`.
    Weights: float[][]
    /// The mechanism of each condition.
    Mechanisms: Map<Condition, MissingnessMechanism>
    /// a > 0.
    Signal: float
}

module WorldC =
    let private drivers outcome = {
        Latent = [||]
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
                OutcomeSlopes =
                    Draws.signs world "signs" LinearOutcome.modalities
                    |> Array.map ((*) spec.MechanismStrength)
        }

        {
            Weights = LinearOutcome.weights world
            // Both outcomes are equally likely: w . x is symmetric about 0.
            Mechanisms = LinearOutcome.mechanisms spec mechanism (drivers [| -1.; 1. |])
            Signal = spec.Signal
        }

    /// P(y = 1 | do(x_obs)) = E[sigmoid(a w . x) | x_obs set, x_hidden ~ N(0, I)] for each row, by one-dimensional
    /// quadrature. It equals P(y = 1 | x_obs): the mask tells of y but does not cause it.
    let doProbability (world: WorldC) (cohort: Cohort) =
        let hiddenSd = LinearOutcome.hiddenSd world.Weights

        Array.init cohort.Count (fun row ->
            NormalIntegral.logistic
                (world.Signal * LinearOutcome.observedPart world.Weights cohort row)
                (world.Signal * hiddenSd[cohort.Pattern row]))

    /// P(y = 1 | x_obs, o), proportional to P(y | x_obs) P(o | y).
    let bayesProbability (world: WorldC) condition (cohort: Cohort) =
        let seen =
            Array.init (1 <<< LinearOutcome.modalities) (fun pattern ->
                MissingnessMechanism.probabilities world.Mechanisms[condition] (drivers [| -1.; 1. |]) [|
                    pattern
                    pattern
                |])

        doProbability world cohort
        |> Array.mapi (fun row p ->
            let odds = seen[cohort.Pattern row]
            p * odds[1] / (p * odds[1] + (1. - p) * odds[0]))

    /// Draws a cohort of n rows; complete data do not depend on the condition, the rate or the strength.
    let draw (spec: DataSpec) (world: WorldC) condition (name: string) sampleNumber n =
        let seed = Seed(uint64 spec.Seed).Derive("sample").Derive(name = name)
        let values = LinearOutcome.values (fun _ _ _ -> 0.) seed n

        let outcome =
            LinearOutcome.outcomes world.Signal world.Weights values (fun _ -> 0.) seed n

        let mask =
            LinearOutcome.hide spec world.Mechanisms[condition] (drivers outcome) (seed.Derive "mask")

        WorldCohort.create sampleNumber values mask outcome

    /// Training, validation and test sets with Bayes-optimal and interventional probabilities; "do" hides at random,
    /// "reversed" with slopes of the opposite sign.
    /// Raises InputException for a missing rate that cannot be reached.
    let study (spec: DataSpec) =
        let world = create spec

        LinearOutcome.study spec (draw spec world) (bayesProbability world) (doProbability world)
