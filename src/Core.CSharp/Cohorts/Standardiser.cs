using System.Text.Json.Serialization;

namespace CausalDebiasing.Cohorts;

/// <summary>
/// Brings every feature to mean 0 and standard deviation 1 and fills missing entries with the mean (0).
/// Learned from the observed entries of the training rows only. Codes pass through.
/// </summary>
public sealed class Standardiser
{
    /// <summary>Means per modality, one per column (tabular) or channel (series).</summary>
    [JsonInclude]
    public float[][] Means { get; private init; } = [];

    /// <summary>Standard deviations per modality; 1 for constant features.</summary>
    [JsonInclude]
    public float[][] Deviations { get; private init; } = [];

    /// <summary>Learns means and standard deviations.</summary>
    public static Standardiser Fit(Cohort train)
    {
        var means = new float[train.Modalities.Count][];
        var deviations = new float[train.Modalities.Count][];
        for (var m = 0; m < means.Length; m++)
            (means[m], deviations[m]) = Moments(train, m);
        return new() { Means = means, Deviations = deviations };
    }

    /// <summary>The cohort with standardised values and no missing entries inside observed modalities.</summary>
    public Cohort Apply(Cohort cohort)
    {
        var blocks = new float[cohort.Modalities.Count][];
        for (var m = 0; m < blocks.Length; m++)
        {
            blocks[m] = cohort.Values(m).ToArray();
            if (cohort.Modalities[m].Kind == ModalityKind.Codes)
                continue;
            var width = cohort.Modalities[m].Width;
            for (var start = 0; start < blocks[m].Length; start += width)
                Standardise(blocks[m].AsSpan(start, width), Means[m], Deviations[m]);
        }
        return cohort.WithComputed(blocks);
    }

    private static void Standardise(Span<float> values, float[] means, float[] deviations)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var value = (values[i] - means[i]) / deviations[i];
            values[i] = float.IsNaN(value) ? 0 : Math.Clamp(value, -Limit, Limit);
        }
    }

    /// <summary>Values further from the mean than this many standard deviations are set to the limit.</summary>
    public const float Limit = 10;

    private static (float[] Mean, float[] Deviation) Moments(Cohort train, int m)
    {
        var modality = train.Modalities[m];
        if (modality.Kind == ModalityKind.Codes)
            return ([], []);
        var (sum, squares, count) = (
            new double[modality.Width],
            new double[modality.Width],
            new long[modality.Width]
        );
        for (var row = 0; row < train.Count; row++)
        {
            if (!train.IsObserved(row, m))
                continue;
            var values = train.Row(m, row);
            for (var i = 0; i < values.Length; i++)
            {
                if (float.IsNaN(values[i]))
                    continue;
                var column = i % modality.Width;
                sum[column] += values[i];
                squares[column] += (double)values[i] * values[i];
                count[column]++;
            }
        }
        var mean = new float[modality.Width];
        var deviation = new float[modality.Width];
        for (var column = 0; column < modality.Width; column++)
        {
            var n = Math.Max(1, count[column]);
            var average = sum[column] / n;
            var variance = Math.Max(0, squares[column] / n - average * average);
            mean[column] = (float)average;
            deviation[column] = variance > 1e-12 * (1 + average * average) ? (float)Math.Sqrt(variance) : 1;
        }
        return (mean, deviation);
    }
}
