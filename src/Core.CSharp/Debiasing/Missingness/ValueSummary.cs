using System.Text.Json.Serialization;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Runtime;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// The numbers of a patient in one row, for linear models: standardised, of a series the mean of every channel over its
/// steps, 0 where the modality is missing. Codes are left out.
/// </summary>
public sealed class ValueSummary
{
    [JsonConstructor]
    internal ValueSummary() { }

    /// <summary>Recorded values have tails.</summary>
    private const float Reach = 3;

    [JsonInclude]
    internal Standardiser Standardiser { get; init; } = new();

    /// <summary>The modality of every column, [D].</summary>
    [JsonInclude]
    public IReadOnlyList<int> Modalities { get; private init; } = [];

    /// <summary>Number of columns D.</summary>
    public int Width => Modalities.Count;

    /// <summary>Learns the scales from training rows; their outcomes are not read.</summary>
    /// <param name="train">At least one row.</param>
    public static ValueSummary Fit(Cohort train) =>
        new() { Standardiser = Standardiser.Fit(train), Modalities = ColumnsOf(train) };

    private static int[] ColumnsOf(Cohort cohort) =>
        [
            .. NumericModalities
                .PositionsIn(cohort.Modalities)
                .SelectMany(m => Enumerable.Repeat(m, cohort.Modalities[m].Width)),
        ];

    /// <summary>The numbers of n rows, in units of a standard deviation of the training rows and within +-3, [n * D], row-major.</summary>
    /// <param name="cohort">Rows with the modalities of the training rows, in the same order.</param>
    /// <exception cref="InputException">The modalities have other widths.</exception>
    public float[] Of(Cohort cohort)
    {
        ArgumentNullException.ThrowIfNull(cohort);
        if (!ColumnsOf(cohort).SequenceEqual(Modalities))
            throw new InputException(
                "The modalities have other widths than those of the training rows; give the same modalities in the same order."
            );
        var numeric = NumericModalities.PositionsIn(cohort.Modalities);
        var standardised = Standardiser.Apply(cohort);
        var summary = new float[cohort.Count * Width];
        var start = 0;
        foreach (var m in numeric)
        {
            var modality = cohort.Modalities[m];
            for (var row = 0; row < cohort.Count; row++)
            {
                var target = summary.AsSpan(row * Width + start, modality.Width);
                var values = standardised.Row(m, row);
                for (var step = 0; step < values.Length; step += target.Length)
                for (var i = 0; i < target.Length; i++)
                    target[i] += Math.Clamp(values[step + i], -Reach, Reach) / modality.Length;
            }
            start += modality.Width;
        }
        return summary;
    }
}
