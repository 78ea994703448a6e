using CausalDebiasing.Cohorts;

namespace CausalDebiasing.Debiasing;

/// <summary>What is recorded: a feature, a channel's mean over the steps of a series, or whether a code is there.</summary>
/// <param name="Modality">Position of the modality.</param>
/// <param name="Index">Of the feature or channel, or the code.</param>
internal sealed record RecordedColumn(int Modality, int Index) : ScoreColumn(Modality)
{
    /// <summary>The columns of a modality.</summary>
    internal static IEnumerable<RecordedColumn> Of(Cohort train, int m, int mostCodes, double leastShare)
    {
        var modality = train.Modalities[m];
        if (modality.Kind != ModalityKind.Codes)
            return Enumerable.Range(0, modality.Width).Select(index => new RecordedColumn(m, index));
        var rows = Enumerable.Range(0, train.Count).Where(row => train.IsObserved(row, m)).ToArray();
        return rows.SelectMany(row => train.Row(m, row).ToArray().Where(code => code > 0).Distinct())
            .CountBy(code => (int)code)
            .Where(pair => pair.Value >= leastShare * rows.Length)
            .OrderByDescending(pair => pair.Value)
            .ThenBy(pair => pair.Key)
            .Take(mostCodes)
            .Select(pair => new RecordedColumn(m, pair.Key));
    }

    internal override float[] Read(Cohort cohort)
    {
        var modality = cohort.Modalities[Modality];
        var values = new float[cohort.Count];
        for (var row = 0; row < values.Length; row++)
            values[row] = cohort.IsObserved(row, Modality)
                ? Read(modality, cohort.Row(Modality, row))
                : float.NaN;
        return values;
    }

    private float Read(Modality modality, ReadOnlySpan<float> row)
    {
        if (modality.Kind == ModalityKind.Codes)
            return row.Contains(Index) ? 1 : 0;
        var (sum, count) = (0.0, 0);
        for (var i = Index; i < row.Length; i += modality.Width)
            if (!float.IsNaN(row[i]))
                (sum, count) = (sum + row[i], count + 1);
        return count == 0 ? float.NaN : (float)(sum / count);
    }
}
