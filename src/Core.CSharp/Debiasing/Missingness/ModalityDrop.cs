using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>Positivity augmentation: hiding observed modalities at random shows the same patient under several patterns.</summary>
public static class ModalityDrop
{
    /// <summary>The pattern after dropping each observed modality with the given probability; unchanged if none would be left.</summary>
    internal static int Thin(int pattern, int modalities, double probability, Random random)
    {
        if (probability <= 0)
            return pattern;
        var kept = pattern;
        for (var m = 0; m < modalities; m++)
            if (random.NextDouble() < probability)
                kept &= ~(1 << m);
        return kept == 0 ? pattern : kept;
    }

    /// <summary>A mask in which each observed modality is hidden at random; rows of which none would be left keep theirs.</summary>
    /// <param name="mask">[N, M], 1 where the modality is observed and 0 elsewhere.</param>
    /// <param name="probability">Of hiding, in [0, 1].</param>
    /// <param name="random">What decides, such as <see cref="Cohorts.Batch.Random"/>.</param>
    /// <returns>[N, M], for <see cref="Cohorts.Batch.Hide"/>.</returns>
    public static Tensor Thin(Tensor mask, double probability, Generator random)
    {
        var kept =
            mask * rand(mask.shape, generator: random).ge(tensor((float)probability)).to(ScalarType.Float32);
        return where(kept.sum(1, keepdim: true).eq(0), mask, kept);
    }
}
