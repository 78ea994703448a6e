using CausalDebiasing.Cohorts;
using CausalDebiasing.Predictors;
using CausalDebiasing.Runtime;

namespace CausalDebiasing.Debiasing;

/// <summary>The first step of a fit: what the rows tell of the parts of the logit that are not to be learnt.</summary>
internal sealed class KnownParts : IDisposable
{
    private bool IsShared { get; init; }

    /// <summary>Null where it is not looked for.</summary>
    internal HiddenPractice? Practice { get; private init; }

    /// <summary>What patterns tell where modalities are thinned; null where it is not taken out.</summary>
    internal PatternOffset? Thinned { get; private init; }

    /// <summary>What patterns tell as they are recorded; null where it is not taken out.</summary>
    internal PatternOffset? Recorded { get; private init; }

    /// <summary>Both, of every row.</summary>
    internal required KnownLogit Logit { get; init; }

    /// <summary>Finds what the options ask for.</summary>
    internal static KnownParts Find(
        Cohort train,
        Cohort validation,
        DebiasOptions options,
        FitContext context
    )
    {
        var (practice, isShared) = Search(train, validation, options.Practice, context);
        PatternOffset? Offset(Thinning thinning, Seed seed) =>
            options.Known.Balances ? PatternRegression.Fit(train, thinning, practice, seed) : null;
        var thinned = Offset(options.Augmentation, context.Seed.Derive("policy"));
        return new()
        {
            IsShared = isShared,
            Practice = practice,
            Thinned = thinned,
            Recorded = Offset(Thinning.None, context.Seed),
            Logit = new(train, validation, thinned, practice),
        };
    }

    /// <summary>Searches for half of the time there is.</summary>
    private static (HiddenPractice? Practice, bool IsShared) Search(
        Cohort train,
        Cohort validation,
        PracticeUse use,
        FitContext context
    )
    {
        if (use == PracticeUse.None)
            return (null, false);
        var seed = context.Seed.Derive("practice");
        HiddenPractice Find() =>
            HiddenPractice.Fit(
                train,
                validation,
                use,
                seed,
                new(context.TimeBudget / 2, context.Cancellation)
            );
        // What a budget ends is not the same twice.
        return context is { Shared: { } shared, TimeBudget: null }
            ? (shared.Get((train, validation, use, seed), Find), true)
            : (Find(), false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!IsShared)
            Practice?.Dispose();
    }
}
