namespace CausalDebiasing;

/// <summary>What a <see cref="FitWarning"/> is about.</summary>
public enum FitWarningCode
{
    /// <summary>The dual branch acts on a neural network, and this is none.</summary>
    BranchLeftOut,

    /// <summary>The rarer outcome has few rows.</summary>
    FewEvents,

    /// <summary>Many rows have a missingness pattern that few share (positivity).</summary>
    RarePatterns,

    /// <summary>Weights leave little of the rows' information.</summary>
    SmallEffectiveSample,

    /// <summary>Sites could not be compared, and hidden practice was assumed to be spurious.</summary>
    PracticeAssumed,

    /// <summary>Hidden practice was found and left in, since with it outcomes are predicted worse.</summary>
    PracticeCostly,

    /// <summary>Kinds were found that may be practice; without sites that cannot be told.</summary>
    PracticeWithoutSites,

    /// <summary>The time was up before the search for hidden practice was done, and what it might have found stays in.</summary>
    PracticeSearchCutShort,

    /// <summary>Kinds were found and left in, for a reason that the text gives.</summary>
    PracticeDoubted,

    /// <summary>Knowing what missingness patterns were found to tell, outcomes are predicted worse.</summary>
    PatternsCostly,

    /// <summary>Hidden practice was found and is taken out, which is wrong where its kinds are causes.</summary>
    PracticeTakenOut,
}

/// <summary>An assumption of the add-on that looked broken in a fit.</summary>
/// <param name="Code">What it is about, for programs.</param>
/// <param name="Text">One sentence, with what to do.</param>
public sealed record FitWarning(FitWarningCode Code, string Text)
{
    /// <summary>The sentence.</summary>
    public override string ToString() => Text;
}
