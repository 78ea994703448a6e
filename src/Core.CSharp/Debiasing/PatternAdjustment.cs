namespace CausalDebiasing.Debiasing;

/// <summary>Estimators of the backdoor adjustment P(y | do x) = sum_r P(y | x, r) P(r) over missingness patterns r.</summary>
public enum PatternAdjustment
{
    /// <summary>No adjustment.</summary>
    None,

    /// <summary>The sum itself, exact because there are few patterns.</summary>
    Exact,

    /// <summary>Normalised weighted geometric mean: one evaluation at the mean pattern embedding sum_r P(r) e_r.</summary>
    NwgmUniform,

    /// <summary>As <see cref="NwgmUniform"/> with embeddings re-weighted by attention from the features (VC R-CNN, CCIM).</summary>
    NwgmAttention,
}
