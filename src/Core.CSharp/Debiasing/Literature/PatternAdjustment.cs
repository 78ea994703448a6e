namespace CausalDebiasing.Debiasing;

/// <summary>Estimators of the backdoor adjustment P(y | do x) = sum_r P(y | x, r) P(r) over missingness patterns r.</summary>
public enum PatternAdjustment
{
    /// <summary>No adjustment.</summary>
    None,

    /// <summary>The sum itself, exact because there are few patterns.</summary>
    Exact,

    /// <summary>
    /// Normalised weighted geometric mean: one evaluation at the mean pattern embedding sum_r a_r(x) P(r) e_r, with attention
    /// a from the features (VC R-CNN, CCIM).
    /// </summary>
    NwgmAttention,
}
