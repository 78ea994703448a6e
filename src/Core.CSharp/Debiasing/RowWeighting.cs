namespace CausalDebiasing.Debiasing;

/// <summary>Weighting forms of the adjustment for the missingness pattern.</summary>
public enum RowWeighting
{
    /// <summary>All rows count the same.</summary>
    None,

    /// <summary>w = P(y) / P(y | r): the outcome is balanced within every pattern.</summary>
    LabelBalance,

    /// <summary>
    /// The same balance as an offset log P(y = 1 | r) / P(y = 0 | r) of the logit (logit adjustment, Menon et al.,
    /// ICLR 2021, arXiv 2007.07314, for patterns), which leaves every row its full weight. Predictors without a
    /// representation take the weights.
    /// </summary>
    LogitAdjustment,

    /// <summary>w = P(r) / P(r | always-observed modalities, site): inverse propensity of the pattern.</summary>
    Propensity,
}
