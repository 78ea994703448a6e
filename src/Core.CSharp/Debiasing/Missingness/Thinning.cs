namespace CausalDebiasing.Debiasing;

/// <summary>How observed modalities of training rows are hidden, which shows the same patient under several patterns.</summary>
/// <param name="Drop">Probability of hiding each, in [0, 1).</param>
/// <param name="Resampling">
/// Probability with which a row keeps only what another row at random has as well, in [0, 1]: a modality that is never missing
/// is then never hidden, and what is recorded together is hidden together.
/// </param>
internal readonly record struct Thinning(double Drop, double Resampling)
{
    /// <summary>Nothing is hidden.</summary>
    internal static Thinning None => default;

    /// <summary>Whether anything may be hidden.</summary>
    internal bool IsActive => Drop > 0 || Resampling > 0;

    /// <summary>One line for everything that is out of range or would not be applied.</summary>
    internal IEnumerable<string> Mistakes()
    {
        if (Drop is not (>= 0 and < 1))
            yield return $"{nameof(DebiasOptions.ModalityDrop)} {Drop} is outside [0, 1); give a share such as 0.3.";
        if (Resampling is not (>= 0 and <= 1))
            yield return $"{nameof(DebiasOptions.PatternResampling)} {Resampling} is outside [0, 1]; give a share such as 0.5.";
        if (Drop > 0 && Resampling > 0)
            yield return $"{nameof(DebiasOptions.ModalityDrop)} {Drop} and {nameof(DebiasOptions.PatternResampling)} {Resampling} both hide modalities; leave one of them out.";
    }
}
