namespace CausalDebiasing.Debiasing;

/// <summary>
/// The part of <see cref="DebiasOptions"/> that says how predictions are made of what the predictor inside gives; the members
/// are described there.
/// </summary>
internal sealed record DeploymentOptions(PatternUse Patterns, bool Recalibrate)
{
    /// <summary>Whether nothing is done.</summary>
    internal bool IsNone => this is { Patterns: PatternUse.Interventional, Recalibrate: false };

    /// <summary>One line for everything that would not be applied.</summary>
    internal IEnumerable<string> Mistakes(bool balances)
    {
        if (IsNone || balances)
            yield break;
        var name =
            Patterns == PatternUse.Interventional
                ? nameof(DebiasOptions.Recalibrate)
                : nameof(DebiasOptions.Patterns);
        yield return $"{name} needs {nameof(DebiasOptions.Weighting)} {RowWeighting.LabelBalance} or {RowWeighting.LogitAdjustment}; set it, or leave {name} out.";
    }
}
