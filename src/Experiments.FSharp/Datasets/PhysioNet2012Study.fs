namespace CausalDebiasing.Bench.Datasets

open MathNet.Numerics
open MathNet.Numerics.Random
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime

/// Set A of the challenge as a study: 70/10/20 split by patient, test condition "id".
module PhysioNet2012Study =
    let private refuse problem remedy =
        raise (InputException $"Data set '{PhysioNet2012.name}': {problem}; {remedy}.")

    let private checkSpec (spec: DataSpec) =
        if spec.Mechanism <> Natural || spec.MissingRate.IsSome then
            refuse
                "only the mechanism 'natural' at the data's own missing rate is available"
                "leave the missing rate out and choose 'natural'"

        if spec.Confounding <> 0.0 then
            refuse "the confounding strength of real data cannot be set" "choose 0"

        if spec.Unbiased then
            refuse "the unbiased ceiling needs a world whose truth is known" "choose a simulated world"

    let private shrink (seed: Seed) size (train: Cohort) =
        match size with
        | None -> train
        | Some size when size < 1 || size > train.Count ->
            refuse $"the training size {size} is not between 1 and {train.Count}" "choose one in this range"
        | Some size ->
            let rows = [| 0 .. train.Count - 1 |]

            Combinatorics.SelectPermutationInplace(
                rows,
                Xoshiro256StarStar(seed.Derive("train size").ToInt32())
            )

            train.Select(rows[.. size - 1])

    /// The study of the spec; its seed decides the split. Raises InputException for what real data cannot give
    /// (masking in addition, confounding, an unbiased training set) and for unreadable data.
    let study (access: DataAccess) (spec: DataSpec) : Study =
        checkSpec spec
        let loaded = PhysioNet2012.load access PhysioNet2012.defaults
        let seed = Seed(uint64 spec.Seed).Derive PhysioNet2012.name
        let split = PatientSplit.Random(loaded.Cohort, 0.1, 0.2, seed)

        {
            Train = shrink seed spec.TrainSize split.Train
            Validation = split.Validation
            Tests = [
                {
                    Condition = "id"
                    Cohort = split.Test
                    BayesProbability = None
                    DoProbability = None
                }
            ]
        }
