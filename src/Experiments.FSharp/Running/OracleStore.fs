namespace CausalDebiasing.Bench.Running

open System
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Metrics

/// Remembers the AUROC of Bayes-optimal probabilities on disk: they cost much more than a prediction, and all
/// baselines and variants of a data condition share them.
module OracleStore =
    /// Neither the training size nor the bias of the training data is a property of a test set.
    let private key spec (test: TestSet) =
        let world = {
            spec with
                TrainSize = None
                Unbiased = false
        }

        let text =
            Json.write (CellId.resultsVersion, world, test.Condition, CohortHash.ofCohort test.Cohort)

        (Sha256.ofText text).Substring(0, 20)

    /// AUROC of the Bayes-optimal probabilities of a test set, NaN where there are none; kept in `folder`.
    let auroc folder spec (test: TestSet) =
        match test.BayesProbability with
        | None -> nan
        | Some probability ->
            let key = key spec test

            match OracleFile.tryRead folder key with
            | Some known -> known
            | None ->
                let bayes = Array.map float32 probability.Value
                let value = Auroc.Compute(test.Cohort.Labels, bayes)
                OracleFile.write folder key value
                value
