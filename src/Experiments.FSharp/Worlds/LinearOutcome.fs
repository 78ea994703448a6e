namespace CausalDebiasing.Bench.Worlds

open MathNet.Numerics
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Shifts
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime

/// What worlds A, B and C share: 4 modalities x 8 features, of which the recorded values x themselves cause the
/// outcome, y ~ Bern(sigmoid(a (w . x + u))), with u the part of a confounder (zero in C).
module LinearOutcome =
    let modalities = 4
    let features = 8

    /// w_m: 8 entries 2 N(0, 1) / sqrt 32 per modality, so that w . x has standard deviation near 2.
    let weights (world: Seed) =
        Array.init modalities (fun m ->
            Draws.normals world $"weights/{m}" features
            |> Array.map ((*) (2. / sqrt (float (modalities * features)))))

    let dot (a: float[]) (b: float[]) =
        Array.fold2 (fun sum x y -> sum + x * y) 0. a b

    /// Whether a pattern holds modality m.
    let observes pattern m = pattern >>> m &&& 1 = 1

    /// Sum of f over the modalities that a pattern does not hold.
    let overHidden pattern (f: int -> float) =
        Seq.init modalities id
        |> Seq.sumBy (fun m -> if observes pattern m then 0. else f m)

    /// w_obs . x_obs of a row.
    let observedPart (weights: float[][]) (cohort: Cohort) row =
        let mutable sum = 0.

        for m in 0 .. modalities - 1 do
            let x = cohort.Row(m, row)

            for f in 0 .. features - 1 do
                sum <- sum + weights[m][f] * float x[f]

        sum

    /// Standard deviation of w_hidden . e for each pattern, with e ~ N(0, I).
    let hiddenSd (weights: float[][]) =
        Array.init (1 <<< modalities) (fun pattern ->
            overHidden pattern (fun m -> dot weights[m] weights[m]) |> sqrt)

    /// Outcomes, -1 or 1, of complete values: y ~ Bern(sigmoid(a (w . x + confounder_i))).
    let outcomes signal (weights: float[][]) (values: float[][]) (confounder: int -> float) (seed: Seed) n =
        Draws.uniforms seed "outcome" n
        |> Array.mapi (fun i u ->
            let mutable sum = confounder i

            for m in 0 .. modalities - 1 do
                for f in 0 .. features - 1 do
                    sum <- sum + weights[m][f] * values[m][i * features + f]

            if u < SpecialFunctions.Logistic(signal * sum) then
                1.
            else
                -1.)

    /// n x 8 values of every modality: N(mean m i f, 1).
    let values (mean: int -> int -> int -> float) (seed: Seed) n =
        Array.init modalities (fun m ->
            Draws.normals seed $"noise/{m}" (n * features)
            |> Array.mapi (fun k z -> z + mean m (k / features) (k % features)))

    /// The mechanism of each condition: the given one, MCAR, and the given one reversed, all with intercepts that reach
    /// the missing rate over the given population.
    /// Raises InputException for a rate that cannot be reached.
    let mechanisms (spec: DataSpec) mechanism population =
        let rate = WorldCohort.missingRate spec

        let fit mechanism =
            MissingnessRate.fit rate mechanism population

        Map [
            InDistribution, fit mechanism
            Interventional, MissingnessRate.fitMcar rate modalities
            Reversed, fit (MissingnessMechanism.reverse mechanism)
        ]

    /// The mask of a sample at the condition's missing rate.
    let hide (spec: DataSpec) mechanism drivers (seed: Seed) =
        MissingnessRate.hide (WorldCohort.missingRate spec) mechanism drivers seed

    /// Training, validation and test sets out of `draw`, with the Bayes-optimal probabilities under a condition and the
    /// interventional ones of each row.
    let study (spec: DataSpec) draw bayesProbability doProbability =
        WorldCohort.study spec draw (fun condition cohort -> {
            Condition = Condition.name condition
            Cohort = cohort
            BayesProbability = Some(lazy (bayesProbability condition cohort))
            DoProbability = Some(lazy (doProbability cohort))
        })
