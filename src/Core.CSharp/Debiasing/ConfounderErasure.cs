namespace CausalDebiasing.Debiasing;

/// <summary>When the detected confounder score is erased from the inputs.</summary>
public enum ConfounderErasure
{
    /// <summary>Never.</summary>
    None,

    /// <summary>When the score's contrast between the outcome classes differs between sites (Cochran's Q).</summary>
    Gated,

    /// <summary>Always, also where there may be no confounder.</summary>
    Always,
}
