using CausalDebiasing.Runtime;

namespace CausalDebiasing.Cohorts;

/// <summary>What must hold of every cohort, with messages that name the row and column but no value.</summary>
internal static class CohortChecks
{
    /// <summary>See <see cref="Cohort.MaxModalities"/>.</summary>
    internal const int MostModalities = 30;

    internal static void Shapes(
        Modality[] modalities,
        int siteCount,
        float[][] values,
        int n,
        int maskLength,
        int[] sites,
        int patients
    )
    {
        var count = modalities.Length;
        if (count is 0 or > MostModalities)
            throw new InputException(
                $"A cohort needs 1 to {MostModalities} modalities, not {count}; group columns into fewer."
            );
        if (modalities.Select(m => m.Name).Distinct().Count() != count)
            throw new InputException("Two modalities have the same name; rename one.");
        if (values.Length != count)
            throw new InputException(
                $"{count} modalities but {values.Length} value blocks; give one block each."
            );
        for (var m = 0; m < count; m++)
        {
            var modality = modalities[m];
            if (modality.Width < 1 || modality.Length < 1)
                throw new InputException($"Modality '{modality.Name}' has no columns; drop it or add one.");
            if (values[m].Length != n * modality.Size)
                throw new InputException(
                    $"Modality '{modality.Name}' has {values[m].Length} values; {n} rows of {modality.Size} need {n * modality.Size}."
                );
        }
        if (maskLength != n * count || sites.Length != n || patients != n)
            throw new InputException(
                $"Mask, sites and patients must have {n * count}, {n} and {n} entries, not {maskLength}, {sites.Length} and {patients}."
            );
        for (var row = 0; row < n; row++)
            if (sites[row] < 0 || sites[row] >= siteCount)
                throw new InputException($"Row {row} has a site outside the {siteCount} named sites.");
    }

    internal static void Contents(
        Modality[] modalities,
        float[][] values,
        bool[] mask,
        int n,
        float[]? labels
    )
    {
        for (var row = 0; row < n; row++)
        {
            if (labels?[row] is not (null or 0f or 1f))
                throw new InputException(
                    $"The outcome in row {row} is neither 0 nor 1; recode or drop the row."
                );
            if (MissingnessPattern.Of(mask, row, modalities.Length) == 0)
                throw new InputException($"Row {row} has no observed modality; drop such rows before.");
        }
        for (var m = 0; m < modalities.Length; m++)
        {
            var modality = modalities[m];
            for (var i = 0; i < values[m].Length; i++)
            {
                var value = values[m][i];
                var row = i / modality.Size;
                if (float.IsInfinity(value))
                    throw new InputException(
                        $"Modality '{modality.Name}' has an infinite value in row {row}, entry {i % modality.Size}; mark it missing (NaN)."
                    );
                if (
                    modality.Kind == ModalityKind.Codes
                    && !(value >= 0 && value <= modality.Width && value == MathF.Floor(value))
                )
                    throw new InputException(
                        $"Modality '{modality.Name}' has a code outside 0..{modality.Width} in row {row}; map unknown codes to 0."
                    );
            }
        }
    }
}
