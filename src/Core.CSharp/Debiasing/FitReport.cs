namespace CausalDebiasing.Debiasing;

/// <summary>What a fit found, in numbers; <see cref="FitReportText"/> writes it for people and files.</summary>
internal sealed record FitReport
{
    /// <summary>Number of missingness patterns that are told apart.</summary>
    internal int Patterns { get; init; }

    /// <summary>The search for hidden practice; null where none was asked for.</summary>
    internal PracticeReport? Practice { get; init; }

    /// <summary>What taking out what patterns tell costs; null where it is not taken out.</summary>
    internal PartCost? PatternCost { get; init; }

    /// <summary>Share of the rows that the first of two trainings got wrong; null where there was one.</summary>
    internal double? FirstErrors { get; init; }

    /// <summary>Effective sample size as a share of the rows; null where rows are not weighted.</summary>
    internal double? EffectiveShare { get; init; }

    /// <summary>Of interventional predictions, and of those that keep the pattern; null where none was asked for.</summary>
    internal (Recalibration Interventional, Recalibration Factual)? Recalibrations { get; init; }

    /// <summary>Assumptions that looked broken.</summary>
    internal IReadOnlyList<FitWarning> Warnings { get; init; } = [];
}
