using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Positivity augmentation with a rate of each row's own, uniform in <paramref name="Rate"/> +- <paramref name="Spread"/>:
/// some rows stay nearly complete, so that a network still learns from whole patients, and others become nearly empty.
/// </summary>
/// <param name="Rate">Mean probability of hiding an observed modality, in [0, 1).</param>
/// <param name="Spread">Half the range of the rates, at least 0.</param>
internal readonly record struct Thinning(double Rate, double Spread)
{
    /// <summary>No thinning.</summary>
    internal static Thinning None => default;

    /// <summary>Whether anything is hidden.</summary>
    internal bool IsActive => Rate > 0;

    private double Least => Math.Max(0, Rate - Spread);

    private double Width => Rate + Spread - Least;

    /// <summary>One line for everything that is out of range or would not be applied.</summary>
    internal IEnumerable<string> Mistakes()
    {
        if (Rate is not (>= 0 and < 1))
            yield return $"{nameof(DebiasOptions.ModalityDrop)} {Rate} is outside [0, 1); give a share such as 0.3.";
        if (!(Spread >= 0 && Rate + Spread <= 1))
            yield return $"{nameof(DebiasOptions.ModalityDropSpread)} {Spread} is negative or takes {nameof(DebiasOptions.ModalityDrop)} beyond 1; give one such as 0.25.";
        if (Spread > 0 && !IsActive)
            yield return $"{nameof(DebiasOptions.ModalityDropSpread)} {Spread} spreads {nameof(DebiasOptions.ModalityDrop)}, which is 0; set that, or leave the spread out.";
    }

    /// <summary>The pattern after hiding; unchanged if none would be left.</summary>
    internal int Apply(int pattern, int modalities, Random random)
    {
        if (!IsActive)
            return pattern;
        var rate = Spread > 0 ? Least + Width * random.NextDouble() : Rate;
        return ModalityDrop.Thin(pattern, modalities, rate, random);
    }

    /// <summary>The same for a mask [N, M] of a batch.</summary>
    internal Tensor Apply(Tensor mask, Generator random)
    {
        if (!IsActive)
            return mask;
        if (Spread <= 0)
            return ModalityDrop.Thin(mask, Rate, random);
        return ModalityDrop.Thin(mask, Least + Width * rand(mask.size(0), 1, generator: random), random);
    }
}
