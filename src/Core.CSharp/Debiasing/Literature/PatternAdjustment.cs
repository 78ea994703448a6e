namespace CausalDebiasing.Debiasing;

/// <summary>Estimators of the backdoor adjustment P(y | do x) = sum_r P(y | x, r) P(r) over missingness patterns r.</summary>
public enum PatternAdjustment
{
    /// <summary>No adjustment.</summary>
    None,

    /// <summary>The sum itself, exact because there are few patterns.</summary>
    Exact,
}
