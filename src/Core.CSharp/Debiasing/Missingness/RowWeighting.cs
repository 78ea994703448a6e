namespace CausalDebiasing.Debiasing;

/// <summary>Weighting forms of the adjustment for the missingness pattern.</summary>
public enum RowWeighting
{
    /// <summary>All rows count the same.</summary>
    None,

    /// <summary>w = P(y) / P(y | x, r), where x counts for the pattern only: patterns tell nothing of the outcome beside the values.</summary>
    LabelBalance,

    /// <summary>
    /// The same balance as an offset log P(r | x, y = 1) / P(r | x, y = 0) of the logit (logit adjustment, Menon et al.,
    /// ICLR 2021, arXiv 2007.07314, for patterns), which leaves every row its full weight. Predictors that do
    /// not honour offsets take the weights.
    /// </summary>
    LogitAdjustment,

    /// <summary>w = P(r) / P(r | always-observed modalities, site): inverse propensity of the pattern.</summary>
    Propensity,
}
