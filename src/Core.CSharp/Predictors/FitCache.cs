using System.Diagnostics;

namespace CausalDebiasing.Predictors;

/// <summary>
/// What fits on the same cohorts share: see <see cref="FitContext.Shared"/>. Keeps what was computed last, and the cohorts it
/// was computed of. Safe to use from several threads.
/// </summary>
public sealed class FitCache
{
    private readonly Lock gate = new();
    private object? lastKey;
    private (object Value, TimeSpan Cost)? last;
    private TimeSpan saved;

    /// <summary>The time it took to compute what later fits found here, once for every time they did.</summary>
    public TimeSpan Saved
    {
        get
        {
            lock (gate)
                return saved;
        }
    }

    /// <summary>What was computed for an equal key the last time, or is now.</summary>
    internal T Get<T>(object key, Func<T> compute)
        where T : class
    {
        lock (gate)
        {
            if (key.Equals(lastKey) && last is { Value: T known } kept)
            {
                saved += kept.Cost;
                return known;
            }
            (lastKey, last) = (null, null);
            var clock = Stopwatch.StartNew();
            var made = compute();
            (lastKey, last) = (key, (made, clock.Elapsed));
            return made;
        }
    }
}
