using System.Diagnostics;

namespace CausalDebiasing.Debiasing;

/// <summary>When a search has to end before it is done.</summary>
/// <param name="Budget">How long it may take, or null.</param>
/// <param name="Cancellation">Ends it, and the fit, with <see cref="OperationCanceledException"/>.</param>
internal sealed record SearchLimits(TimeSpan? Budget, CancellationToken Cancellation)
{
    private readonly Stopwatch clock = Stopwatch.StartNew();

    /// <summary>No limits.</summary>
    internal static SearchLimits None { get; } = new(null, CancellationToken.None);

    /// <summary>Looks at both.</summary>
    /// <exception cref="SpentException">The time is up.</exception>
    internal void Check()
    {
        Cancellation.ThrowIfCancellationRequested();
        if (clock.Elapsed > Budget)
            throw new SpentException();
    }

    /// <summary>The time is up.</summary>
    internal sealed class SpentException : Exception;
}
