using CausalDebiasing.Cohorts;

namespace CausalDebiasing.Benchmarks;

/// <summary>Cohorts of the Acquisition world's shape: 4 modalities of 16 features, 30 % missing, 4 sites.</summary>
internal static class RandomCohort
{
    private const int Modalities = 4;
    private const int Features = 16;

    /// <param name="rows">How many.</param>
    /// <param name="seed">Of the draw.</param>
    /// <param name="shift">By how much the values of patients with the event are larger; others lie in [0, 1).</param>
    internal static Cohort Draw(int rows, int seed, double shift = 0.2)
    {
        var random = new Random(seed);
        float[] labels = [.. Enumerable.Range(0, rows).Select(i => (float)(i % 2))];
        var mask = new bool[rows * Modalities];
        for (var i = 0; i < mask.Length; i++)
            mask[i] = i % Modalities == 0 || random.NextDouble() > 0.4;
        return new Cohort(
            [.. Enumerable.Range(0, Modalities).Select(m => Modality.Tabular($"m{m}", Features))],
            [
                .. Enumerable
                    .Range(0, Modalities)
                    .Select(_ =>
                        Enumerable
                            .Range(0, rows * Features)
                            .Select(i => (float)(random.NextDouble() + shift * labels[i / Features]))
                            .ToArray()
                    ),
            ],
            mask,
            labels,
            [.. Enumerable.Range(0, rows).Select(i => i / 2 % 4)],
            ["a", "b", "c", "d"],
            [.. Enumerable.Range(0, rows).Select(i => (long)i)]
        );
    }
}
