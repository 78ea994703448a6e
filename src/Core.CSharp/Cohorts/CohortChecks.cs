using CausalDebiasing.Runtime;

namespace CausalDebiasing.Cohorts;

/// <summary>What must hold of every cohort, with messages that name the row and column but no value.</summary>
internal static class CohortChecks
{
    internal static void Shapes(Cohort cohort, float[][] values, int maskLength, int[] sites, int patients)
    {
        var (n, count) = (cohort.Count, cohort.Modalities.Count);
        if (count is 0 or > Cohort.MaxModalities)
            throw new InputException(
                $"A cohort needs 1 to {Cohort.MaxModalities} modalities, not {count}; group columns into fewer."
            );
        if (cohort.Modalities.Select(m => m.Name).Distinct().Count() != count)
            throw new InputException("Two modalities have the same name; rename one.");
        if (values.Length != count)
            throw new InputException(
                $"{count} modalities but {values.Length} value blocks; give one block each."
            );
        for (var m = 0; m < count; m++)
        {
            var modality = cohort.Modalities[m];
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
            if (sites[row] < 0 || sites[row] >= cohort.SiteNames.Count)
                throw new InputException(
                    $"Row {row} has a site outside the {cohort.SiteNames.Count} named sites."
                );
    }

    internal static void Contents(Cohort cohort, float[][] values)
    {
        for (var row = 0; row < cohort.Count; row++)
        {
            if (cohort.Labels[row] is not (0f or 1f))
                throw new InputException(
                    $"The outcome in row {row} is neither 0 nor 1; recode or drop the row."
                );
            if (cohort.Pattern(row) == 0)
                throw new InputException($"Row {row} has no observed modality; drop such rows before.");
        }
        for (var m = 0; m < cohort.Modalities.Count; m++)
        {
            var modality = cohort.Modalities[m];
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
