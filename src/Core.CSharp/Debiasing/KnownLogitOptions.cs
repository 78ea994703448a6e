namespace CausalDebiasing.Debiasing;

/// <summary>
/// The part of <see cref="DebiasOptions"/> that says what is known of the logit and taken out of what is learnt; the members
/// are described there.
/// </summary>
internal sealed record KnownLogitOptions(RowWeighting Weighting, PracticeUse Practice)
{
    /// <summary>Whether what patterns tell of the outcome is taken out.</summary>
    internal bool Balances => Weighting is RowWeighting.LabelBalance or RowWeighting.LogitAdjustment;

    private bool HasOffsets => Practice != PracticeUse.None || Weighting == RowWeighting.LogitAdjustment;

    /// <summary>One line for everything that would not be applied.</summary>
    internal IEnumerable<string> Mistakes(HeadOptions head)
    {
        if (HasOffsets && !head.IsPlain)
            yield return $"{nameof(DebiasOptions.Practice)} and {nameof(RowWeighting.LogitAdjustment)} offset the logit of the plain head; leave out {nameof(DebiasOptions.Branch)}, {nameof(DebiasOptions.Adjustment)} and {nameof(DebiasOptions.GroupObjective)}.";
    }
}
