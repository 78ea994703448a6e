using CausalDebiasing.Cohorts;

namespace CausalDebiasing.Benchmarks;

/// <summary>Cohorts of the Acquisition world's shape: 4 modalities of 16 features, 30 % missing, 4 sites.</summary>
internal static class RandomCohort
{
    private const int Modalities = 4;
    private const int Features = 16;

    internal static Cohort Draw(int rows, int seed)
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
                            .Select(i => (float)(random.NextDouble() + 0.2 * labels[i / Features]))
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
