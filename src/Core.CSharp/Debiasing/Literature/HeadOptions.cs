namespace CausalDebiasing.Debiasing;

/// <summary>The part of <see cref="DebiasOptions"/> that says which head a network gets; the members are described there.</summary>
internal sealed record HeadOptions(
    PatternAdjustment Adjustment,
    BranchMethod Branch,
    double SwapStart,
    bool TemperedDifficulty,
    GroupObjective GroupObjective
)
{
    /// <summary>See <see cref="DebiasOptions.SwapStart"/>.</summary>
    internal const double FirstSwap = 0.05;

    /// <summary>Whether it is the linear head, the only one that reads offsets.</summary>
    internal bool IsPlain => Heads().Count == 0;

    /// <summary>Whether it is the dual branch.</summary>
    internal bool IsDualBranch => Branch == BranchMethod.RelativeDifficulty;

    private bool ChangesDualBranch => SwapStart != FirstSwap || !TemperedDifficulty;

    /// <summary>
    /// The first option that only a network can honour; null where another predictor can. The dual branch beside an adjustment
    /// is left out there, so that the reconstruction of the paper can be compared on other predictors.
    /// </summary>
    internal string? OnlyForNetworks =>
        GroupObjective != GroupObjective.None ? nameof(DebiasOptions.GroupObjective)
        : Branch != BranchMethod.None && Adjustment == PatternAdjustment.None ? nameof(DebiasOptions.Branch)
        : ChangesDualBranch
            ? $"{nameof(DebiasOptions.SwapStart)} or {nameof(DebiasOptions.TemperedDifficulty)}"
        : null;

    /// <summary>One line for everything that is out of range or would not be applied.</summary>
    internal IEnumerable<string> Mistakes()
    {
        if (SwapStart is not (>= 0 and <= 1))
            yield return $"{nameof(DebiasOptions.SwapStart)} {SwapStart} is outside [0, 1]; give a share of the training such as {FirstSwap}, or 1 for never.";
        if (ChangesDualBranch && !IsDualBranch)
            yield return $"{nameof(DebiasOptions.SwapStart)} and {nameof(DebiasOptions.TemperedDifficulty)} are of the dual branch by relative difficulty; set {nameof(DebiasOptions.Branch)} {BranchMethod.RelativeDifficulty}, or leave them as they are.";
        var heads = Heads();
        if (heads.Count > 1 && !(heads.Count == 2 && IsDualBranch && Adjustment != PatternAdjustment.None))
            yield return $"{string.Join(" and ", heads)} ask for heads of their own, and a network has one; leave out all but one (only {nameof(DebiasOptions.Branch)} {BranchMethod.RelativeDifficulty} goes with {nameof(DebiasOptions.Adjustment)}).";
    }

    private List<string> Heads()
    {
        List<string> heads = [];
        if (GroupObjective != GroupObjective.None)
            heads.Add($"{nameof(DebiasOptions.GroupObjective)} {GroupObjective}");
        if (Branch != BranchMethod.None)
            heads.Add($"{nameof(DebiasOptions.Branch)} {Branch}");
        if (Adjustment != PatternAdjustment.None)
            heads.Add($"{nameof(DebiasOptions.Adjustment)} {Adjustment}");
        return heads;
    }
}
