namespace CausalDebiasing.Bench.Conditions

/// The distribution that a world is drawn from.
type Condition =
    /// As the training data.
    | InDistribution
    /// Confounding and missingness cut: nothing but the causal path is left.
    | Interventional
    /// Every bias with the opposite sign.
    | Reversed

module Condition =
    /// The name that test sets carry: "id", "do" or "reversed".
    let name =
        function
        | InDistribution -> "id"
        | Interventional -> "do"
        | Reversed -> "reversed"
