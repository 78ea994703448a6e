namespace CausalDebiasing.Debiasing;

/// <summary>Weighting forms of the adjustment for the missingness pattern.</summary>
public enum RowWeighting
{
    /// <summary>All rows count the same.</summary>
    None,

    /// <summary>w = P(y) / P(y | r): the outcome is balanced within every pattern.</summary>
    LabelBalance,

    /// <summary>w = P(r) / P(r | always-observed modalities, site): inverse propensity of the pattern.</summary>
    Propensity,
}
