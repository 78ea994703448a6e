using CausalDebiasing.Cohorts;

namespace CausalDebiasing.Baselines.Shared;

/// <summary>A cohort as one vector per patient, for learners without modality encoders: numbers side by side, codes as counts.</summary>
internal static class FlatFeatures
{
    /// <summary>Numbers per patient, without the mask.</summary>
    internal static int Width(IReadOnlyList<Modality> modalities) =>
        modalities.Sum(modality => modality.Kind == ModalityKind.Codes ? modality.Width : modality.Size);

    /// <summary>N vectors of D entries as one row-major block [N, D].</summary>
    internal static float[] Block(float[][] rows)
    {
        var width = rows.Length == 0 ? 0 : rows[0].Length;
        var block = new float[rows.Length * width];
        for (var row = 0; row < rows.Length; row++)
            rows[row].CopyTo(block, row * width);
        return block;
    }

    /// <summary>The rows' vectors; entries of missing modalities have the value <paramref name="absent"/>.</summary>
    /// <param name="cohort">Rows to flatten.</param>
    /// <param name="absent">Zero for linear models on standardised values, NaN for trees.</param>
    /// <param name="withMask">Whether the M mask entries follow.</param>
    internal static float[][] Rows(Cohort cohort, float absent, bool withMask)
    {
        var width = Width(cohort.Modalities);
        var count = cohort.Modalities.Count;
        var rows = new float[cohort.Count][];
        for (var row = 0; row < rows.Length; row++)
        {
            var vector = rows[row] = new float[width + (withMask ? count : 0)];
            var start = 0;
            for (var m = 0; m < count; m++)
            {
                var modality = cohort.Modalities[m];
                var size = modality.Kind == ModalityKind.Codes ? modality.Width : modality.Size;
                var target = vector.AsSpan(start, size);
                if (!cohort.IsObserved(row, m))
                    target.Fill(absent);
                else if (modality.Kind == ModalityKind.Codes)
                    foreach (var code in cohort.Row(m, row))
                        target[Math.Max(0, (int)code - 1)] += code > 0 ? 1 : 0;
                else
                    cohort.Row(m, row).CopyTo(target);
                if (withMask)
                    vector[width + m] = cohort.IsObserved(row, m) ? 1 : 0;
                start += size;
            }
        }
        return rows;
    }
}
