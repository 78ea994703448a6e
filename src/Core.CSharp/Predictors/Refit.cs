namespace CausalDebiasing.Predictors;

/// <summary>A fit in several steps of a predictor that may have been fitted before.</summary>
public static class Refit
{
    /// <summary>Runs the steps. Where one of them fails or is cancelled, the predictor is as it was before.</summary>
    /// <param name="isFitted">Whether it was fitted before; where it was not, nothing is restored.</param>
    /// <param name="save">Writes what the steps replace.</param>
    /// <param name="load">Restores that.</param>
    /// <param name="steps">The steps; what is not restored by <paramref name="load"/> they assign last.</param>
    public static void AllOrNothing(bool isFitted, Action<Stream> save, Action<Stream> load, Action steps)
    {
        using var earlier = isFitted ? new MemoryStream() : null;
        if (earlier is not null)
            save(earlier);
        try
        {
            steps();
        }
        catch when (earlier is not null)
        {
            earlier.Position = 0;
            load(earlier);
            throw;
        }
    }
}
