namespace CausalDebiasing.Bench.Conditions

open CausalDebiasing.Cohorts

/// A test set under one condition, with what the world knows about it.
type TestSet = {
    /// "id" (in-distribution), "do" (no confounding, MCAR), "reversed" (opposite biases), or "site:NAME".
    Condition: string
    Cohort: Cohort
    /// Bayes-optimal P(y = 1 | observed x, o) under this test distribution, one per row; costly, so computed on demand.
    BayesProbability: Lazy<float[]> option
    /// P(y = 1 | do(x_obs)) in the training population, one per row, where it is known: the observed blocks are
    /// set, hidden ones and confounders keep their distribution.
    DoProbability: Lazy<float[]> option
}

/// All that one cell of an experiment is trained, selected and tested on.
type Study = {
    Train: Cohort
    Validation: Cohort
    Tests: TestSet list
}
