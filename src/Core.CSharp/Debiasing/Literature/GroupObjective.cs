namespace CausalDebiasing.Debiasing;

/// <summary>
/// Objectives of the field that use groups of training rows instead of the mean loss. Sites and patterns are read
/// while training only. Step sizes and weights are the defaults of DomainBed (Gulrajani and Lopez-Paz 2021,
/// arXiv 2007.01434) unless an objective's class says otherwise.
/// </summary>
public enum GroupObjective
{
    /// <summary>The mean loss.</summary>
    None,

    /// <summary>Worst-group risk over missingness patterns, GroupDRO (arXiv 1911.08731).</summary>
    GroupDroPatterns,

    /// <summary>Worst-group risk over sites, GroupDRO (arXiv 1911.08731).</summary>
    GroupDroSites,

    /// <summary>Invariant risk minimisation over sites, IRMv1 (arXiv 1907.02893).</summary>
    Irm,

    /// <summary>Variance of the sites' risks, V-REx (arXiv 2003.00688).</summary>
    VRex,

    /// <summary>Equal feature means and covariances at all sites, deep CORAL (arXiv 1607.01719).</summary>
    Coral,
}
