namespace CausalDebiasing.Cohorts;

/// <summary>How numeric inputs are brought to one scale.</summary>
public enum InputScale
{
    /// <summary>Mean 0 and standard deviation 1, of skewed columns after a <see cref="PowerTransform"/>.</summary>
    PowerTransformed,

    /// <summary>Mean 0 and standard deviation 1 alone.</summary>
    Standardised,
}
