namespace CausalDebiasing.Debiasing;

/// <summary>Which probability the adjustment's head is fitted to the outcome.</summary>
public enum AdjustmentTraining
{
    /// <summary>P(y | x, r) with each row's own pattern; the marginal is taken when predicting (plug-in g-formula).</summary>
    Factual,

    /// <summary>The marginal itself, as is usual in the literature on deconfounded vision models.</summary>
    Marginal,

    /// <summary>The sum of both losses.</summary>
    Both,
}
