namespace CausalDebiasing.Debiasing;

/// <summary>How a dual branch separates causal from spurious features.</summary>
public enum BranchMethod
{
    /// <summary>One branch.</summary>
    None,

    /// <summary>Relative-difficulty weights from a bias-amplified branch, LfF (arXiv 2007.02561) and DFA (arXiv 2107.01372).</summary>
    RelativeDifficulty,

    /// <summary>Attention split with a uniform-label loss on the spurious part, CAL (arXiv 2112.15089).</summary>
    AttentionSplit,
}
