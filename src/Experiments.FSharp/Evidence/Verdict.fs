namespace CausalDebiasing.Bench.Evidence

open System

/// What the evidence says of a claim, or of a regime's target: one vocabulary for both.
type Verdict =
    /// The effect lies where it has to; the target is met.
    | Supported
    /// It lies on the other side; the target, which is set by means, is missed.
    | Contradicted
    /// The interval does not tell, as one seed's, which has none, never does.
    | Inconclusive
    /// The results hold no pair of runs that a claim is about, or a regime no gap to close.
    | NotTested

/// Where an effect has to lie.
type Criterion =
    | Above of float
    | Below of float

module Verdict =
    /// The verdict of an interval, whose bounds are NaN where it is unknown.
    let ofInterval criterion (low: float) (high: float) =
        match criterion with
        | _ when Double.IsNaN low -> Inconclusive
        | Above value when low > value -> Supported
        | Above value when high < value -> Contradicted
        | Below value when high < value -> Supported
        | Below value when low > value -> Contradicted
        | _ -> Inconclusive

    /// The word for a verdict in tables and files.
    let name =
        function
        | Supported -> "supported"
        | Contradicted -> "contradicted"
        | Inconclusive -> "inconclusive"
        | NotTested -> "not-tested"
