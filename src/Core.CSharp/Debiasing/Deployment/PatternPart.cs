namespace CausalDebiasing.Debiasing;

/// <summary>What predictions do with what missingness patterns told of the outcome in training.</summary>
public enum PatternPart
{
    /// <summary>They leave it out: predictions under do(pattern).</summary>
    LeftOut,

    /// <summary>They keep it: predictions given the pattern.</summary>
    Kept,

    /// <summary>The options do not take it apart from the rest, so that there is nothing to keep or to leave out.</summary>
    NotSeparated,
}
