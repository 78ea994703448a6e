using System.Text.Json.Serialization;

namespace CausalDebiasing.Cohorts;

/// <summary>
/// Brings every feature to mean 0 and standard deviation 1, a skewed one after a power transform, and fills missing entries
/// with the mean (0). Results lie within +-10. Learned from the observed entries of the training rows only. Codes pass through.
/// </summary>
public sealed class Standardiser
{
    /// <summary>Values further from the mean than this many standard deviations are set to the limit.</summary>
    private const float Limit = 10;

    /// <summary>Of no modalities: what a field holds until a fit or load.</summary>
    public Standardiser() { }

    /// <summary>
    /// Power transforms per modality, one per column (tabular) or channel (series), null for those that are left as they
    /// are; none at all where nothing is transformed.
    /// </summary>
    [JsonInclude]
    internal PowerTransform?[][] Powers { get; private init; } = [];

    /// <summary>Means per modality, one per column (tabular) or channel (series), of transformed values.</summary>
    [JsonInclude]
    internal float[][] Means { get; private init; } = [];

    /// <summary>Standard deviations per modality; 1 for constant features.</summary>
    [JsonInclude]
    internal float[][] Deviations { get; private init; } = [];

    /// <summary>Learns transforms, means and standard deviations.</summary>
    /// <param name="train">The training rows; what is missing in them is not looked at.</param>
    /// <param name="scale">Whether skewed features are transformed.</param>
    public static Standardiser Fit(Cohort train, InputScale scale = InputScale.PowerTransformed)
    {
        var powers = new PowerTransform?[train.Modalities.Count][];
        var means = new float[train.Modalities.Count][];
        var deviations = new float[train.Modalities.Count][];
        for (var m = 0; m < means.Length; m++)
        {
            var isTransformed =
                scale == InputScale.PowerTransformed && train.Modalities[m].Kind != ModalityKind.Codes;
            powers[m] = isTransformed ? ColumnPowers.Fit(train, m) : [];
            (means[m], deviations[m]) = Moments(train, m, powers[m]);
        }
        return new()
        {
            Powers = powers,
            Means = means,
            Deviations = deviations,
        };
    }

    /// <summary>The cohort with standardised values and no missing entries inside observed modalities.</summary>
    /// <param name="cohort">Rows with the modalities of the training rows, in the same order.</param>
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
                Standardise(blocks[m].AsSpan(start, width), m);
        }
        return cohort.WithComputed(blocks);
    }

    private void Standardise(Span<float> values, int m)
    {
        var (means, deviations) = (Means[m], Deviations[m]);
        PowerTransform?[] powers = Powers.Length == 0 ? [] : Powers[m];
        for (var i = 0; i < values.Length; i++)
        {
            var value =
                powers.Length > 0 && powers[i] is { } power
                    ? (float)((power.Of(values[i]) - means[i]) / deviations[i])
                    : (values[i] - means[i]) / deviations[i];
            values[i] = float.IsNaN(value) ? 0 : Math.Clamp(value, -Limit, Limit);
        }
    }

    private static (float[] Mean, float[] Deviation) Moments(Cohort train, int m, PowerTransform?[] powers)
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
                var value =
                    powers.Length > 0 && powers[column] is { } power ? power.Of(values[i]) : values[i];
                sum[column] += value;
                squares[column] += value * value;
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
