using CausalDebiasing.Runtime;

namespace CausalDebiasing.Cohorts;

/// <summary>
/// Builds a <see cref="Cohort"/> row by row, of what is known of each: for prediction neither outcome nor site nor patient.
/// </summary>
public sealed class CohortBuilder
{
    private readonly Modality[] modalities;
    private readonly List<float>[] values;
    private readonly List<bool> mask = [];
    private readonly List<int?> outcomes = [];
    private readonly List<string> sites = [];
    private readonly List<long?> patients = [];

    /// <summary>A builder without rows.</summary>
    /// <param name="modalities">M descriptions with distinct names, in the order in which predictors expect them.</param>
    /// <exception cref="InputException">There is no modality, or two have the same name.</exception>
    public CohortBuilder(params Modality[] modalities)
    {
        this.modalities = (Modality[])modalities.Clone();
        values = [.. modalities.Select(_ => new List<float>())];
        CohortChecks.Shapes(this.modalities, 0, [.. values.Select(_ => Array.Empty<float>())], 0, 0, [], 0);
    }

    /// <summary>Number of rows so far.</summary>
    public int Count => outcomes.Count;

    /// <summary>Adds a row of a patient to predict for, of whom neither outcome nor site nor identity matters.</summary>
    /// <param name="given">See the other overload.</param>
    /// <exception cref="InputException">See the other overload.</exception>
    public CohortBuilder Add(params (string Name, float[]? Values)[] given) => Add(null, null, null, given);

    /// <summary>Adds a row.</summary>
    /// <param name="patient">Identifier; several rows may belong to one patient. Null for a patient of its own.</param>
    /// <param name="site">Name of the site, or null where it is not known (<see cref="Cohort.UnknownSite"/>).</param>
    /// <param name="outcome">0 or 1, or null where it is not known: then of all rows.</param>
    /// <param name="given">
    /// The observed modalities by name, each with its <see cref="Modality.Size"/> numbers, copied: series as
    /// [Length, Width], codes as whole numbers, <c>NaN</c> for an entry that is missing inside. A modality that is not named,
    /// or has null, is missing.
    /// </param>
    /// <returns>The builder.</returns>
    /// <exception cref="InputException">
    /// A name is unknown or given twice, a modality has another number of values, none is observed, or the outcome is neither
    /// 0 nor 1. The row is then not added.
    /// </exception>
    public CohortBuilder Add(
        long? patient,
        string? site,
        int? outcome,
        params (string Name, float[]? Values)[] given
    )
    {
        var row = new float[]?[modalities.Length];
        foreach (var (name, numbers) in given)
            Put(row, name, numbers);
        if (row.All(numbers => numbers is null))
            throw new InputException($"Row {Count} has no observed modality; leave such rows out.");
        if (outcome is not (null or 0 or 1))
            throw new InputException($"The outcome in row {Count} is neither 0 nor 1; recode it.");
        for (var m = 0; m < row.Length; m++)
        {
            values[m].AddRange(row[m] ?? new float[modalities[m].Size]);
            mask.Add(row[m] is not null);
        }
        outcomes.Add(outcome);
        sites.Add(site ?? Cohort.UnknownSite);
        patients.Add(patient);
        return this;
    }

    /// <summary>The cohort of the rows so far; the builder can be added to further.</summary>
    /// <exception cref="InputException">
    /// Some outcomes are known and others are not, an observed value is infinite, or a code is outside its vocabulary.
    /// </exception>
    public Cohort Build()
    {
        var known = outcomes.Count(outcome => outcome is not null);
        if (known > 0 && known < Count)
            throw new InputException(
                $"The outcome in row {outcomes.IndexOf(null)} is not known, and those of {known} other rows are: give all, or none for a cohort to predict for."
            );
        string[] names = [.. sites.Distinct()];
        var own = Math.Min(0, patients.Min() ?? 0);
        return new(
            modalities,
            [.. values.Select(block => block.ToArray())],
            [.. mask],
            known == 0 ? null : [.. outcomes.Select(outcome => (float)outcome!)],
            [.. sites.Select(site => Array.IndexOf(names, site))],
            names,
            [.. patients.Select(patient => patient ?? --own)]
        );
    }

    private void Put(float[]?[] row, string name, float[]? numbers)
    {
        var m = Array.FindIndex(modalities, modality => modality.Name == name);
        if (m < 0)
            throw new InputException(
                $"Row {Count} has a modality '{name}' that the cohort has not; known: {string.Join(", ", modalities.Select(modality => modality.Name))}."
            );
        if (row[m] is not null)
            throw new InputException($"Row {Count} has modality '{name}' twice; give it once.");
        if (numbers is not null && numbers.Length != modalities[m].Size)
            throw new InputException(
                $"Modality '{name}' in row {Count} has {numbers.Length} values and needs {modalities[m].Size}; give NaN for a missing entry, or null for the whole."
            );
        row[m] = numbers;
    }
}
