using CausalDebiasing.Runtime;

namespace CausalDebiasing.Cohorts;

/// <summary>
/// An immutable, columnar set of patients: per modality a value block and a mask, the outcome, the site and
/// the patient's identity. A masked value never reaches a model: the constructor copies every block and sets
/// the values of unobserved modalities to zero.
/// </summary>
/// <remarks>
/// Values are stored row-major, one block of <c>Count * Modality.Size</c> numbers per modality: series as
/// [Length, Width], codes as whole numbers. <c>NaN</c> marks an entry that is missing inside an observed
/// modality; predictors fill it after standardisation.
/// </remarks>
public sealed class Cohort
{
    /// <summary>Most modalities a cohort may have: patterns are stored as bits of an Int32.</summary>
    public const int MaxModalities = CohortChecks.MostModalities;

    /// <summary>Name of the site of patients whose site is not known.</summary>
    public const string UnknownSite = "unknown";

    private readonly float[][] values;
    private readonly bool[] mask;
    private readonly float[]? labels;
    private readonly int[] sites;
    private readonly long[] patients;

    /// <summary>Builds a cohort; all arrays are copied. Patients one by one: see <see cref="CohortBuilder"/>.</summary>
    /// <param name="modalities">M modality descriptions with distinct names.</param>
    /// <param name="values">M blocks; block m has <c>n * modalities[m].Size</c> numbers.</param>
    /// <param name="mask">n * M flags, row-major: whether the patient's modality was observed.</param>
    /// <param name="labels">n outcomes, each 0 or 1; null where they are not known, of patients to predict for.</param>
    /// <param name="sites">n site indices into <paramref name="siteNames"/>; null where they are not known.</param>
    /// <param name="siteNames">Names of the sites (environments); null where they are not known.</param>
    /// <param name="patients">
    /// n patient identifiers; several rows may belong to one patient. Null where they are not known: each row is then a
    /// patient of its own, numbered from 0.
    /// </param>
    /// <exception cref="InputException">
    /// Shapes disagree, a label is not 0 or 1, a site is out of range, a row has no observed modality, an
    /// observed value is infinite, or a code is outside its vocabulary.
    /// </exception>
    public Cohort(
        IReadOnlyList<Modality> modalities,
        IReadOnlyList<float[]> values,
        bool[] mask,
        float[]? labels = null,
        int[]? sites = null,
        IReadOnlyList<string>? siteNames = null,
        long[]? patients = null
    )
    {
        Modalities = [.. modalities];
        var n = labels?.Length ?? (Modalities.Count == 0 ? 0 : mask.Length / Modalities.Count);
        SiteNames = sites is null ? [UnknownSite] : [.. siteNames ?? []];
        this.values = [.. values.Select(block => (float[])block.Clone())];
        this.mask = (bool[])mask.Clone();
        this.labels = (float[]?)labels?.Clone();
        this.sites = (int[]?)sites?.Clone() ?? new int[n];
        this.patients = (long[]?)patients?.Clone() ?? [.. Enumerable.Range(0, n)];
        Modality[] schema = [.. modalities];
        CohortChecks.Shapes(
            schema,
            SiteNames.Count,
            this.values,
            n,
            mask.Length,
            this.sites,
            this.patients.Length
        );
        HideMasked();
        CohortChecks.Contents(schema, this.values, this.mask, n, labels);
    }

    /// <summary>Of arrays that nobody else changes and that hold what the checks ask for.</summary>
    private Cohort(
        Cohort schema,
        float[][] values,
        bool[] mask,
        float[]? labels,
        int[] sites,
        long[] patients
    )
    {
        (Modalities, SiteNames) = (schema.Modalities, schema.SiteNames);
        (this.values, this.mask, this.labels) = (values, mask, labels);
        (this.sites, this.patients) = (sites, patients);
        HideMasked();
    }

    /// <summary>The M modalities, in the order of the mask's columns.</summary>
    public IReadOnlyList<Modality> Modalities { get; }

    /// <summary>Names of the sites that <see cref="Sites"/> indexes.</summary>
    public IReadOnlyList<string> SiteNames { get; }

    /// <summary>Number of rows (stays or admissions).</summary>
    public int Count => patients.Length;

    /// <summary>Whether outcomes are known; without them rows can be predicted for, and not fitted on or tested with.</summary>
    public bool HasOutcomes => labels is not null;

    /// <summary>n outcomes, 0 or 1.</summary>
    /// <exception cref="InputException">They are not known.</exception>
    public ReadOnlySpan<float> Labels => Outcomes;

    private float[] Outcomes =>
        labels
        ?? throw new InputException(
            "The outcomes of these rows are not known: they can be predicted for, and neither fitted on nor tested with."
        );

    /// <summary>n indices into <see cref="SiteNames"/>.</summary>
    public ReadOnlySpan<int> Sites => sites;

    /// <summary>n patient identifiers.</summary>
    public ReadOnlySpan<long> Patients => patients;

    /// <summary>n * M flags, row-major.</summary>
    public ReadOnlySpan<bool> Mask => mask;

    /// <summary>The n * Size values of one modality, row-major; zero where it is not observed.</summary>
    /// <param name="modality">Position in <see cref="Modalities"/>.</param>
    public ReadOnlySpan<float> Values(int modality) => values[modality];

    /// <summary>The Size values of one row of one modality; zero where it is not observed.</summary>
    /// <param name="modality">Position in <see cref="Modalities"/>.</param>
    /// <param name="row">From 0.</param>
    public ReadOnlySpan<float> Row(int modality, int row)
    {
        var size = Modalities[modality].Size;
        return values[modality].AsSpan(row * size, size);
    }

    /// <summary>Whether the modality of that row was observed.</summary>
    /// <param name="row">From 0.</param>
    /// <param name="modality">Position in <see cref="Modalities"/>.</param>
    public bool IsObserved(int row, int modality) => mask[row * Modalities.Count + modality];

    /// <summary>The missingness pattern of a row: bit m is set when modality m is observed.</summary>
    public int Pattern(int row) => MissingnessPattern.Of(mask, row, Modalities.Count);

    /// <summary>Share of the rows' modalities that are missing, in [0, 1]; 0 without rows.</summary>
    public double MissingRate =>
        mask.Length == 0 ? 0 : mask.Count(observed => !observed) / (double)mask.Length;

    /// <summary>Share of rows with outcome 1, in [0, 1]; 0 without rows.</summary>
    /// <exception cref="InputException">Outcomes are not known.</exception>
    public double Prevalence => Outcomes.Length == 0 ? 0 : Outcomes.Average();

    /// <summary>The rows with the given indices, in that order; an index may repeat.</summary>
    /// <param name="rows">Indices from 0, any number of them.</param>
    public Cohort Select(IReadOnlyList<int> rows) =>
        new(
            this,
            [.. values.Select((block, m) => Gather(block, Modalities[m].Size, rows))],
            Gather(mask, Modalities.Count, rows),
            labels is null ? null : Gather(labels, 1, rows),
            Gather(sites, 1, rows),
            Gather(patients, 1, rows)
        );

    /// <summary>The same rows with another mask; values hidden by it are zero and cannot be brought back.</summary>
    /// <param name="newMask">n * M flags, row-major, copied.</param>
    /// <exception cref="InputException">
    /// The mask has another length, shows a modality that this cohort has not observed, or hides all of a row.
    /// </exception>
    public Cohort WithMask(bool[] newMask)
    {
        for (var i = 0; i < Math.Min(newMask.Length, mask.Length); i++)
            if (newMask[i] && !mask[i])
                throw new InputException(
                    $"The new mask shows modality '{Modalities[i % Modalities.Count].Name}' in row "
                        + $"{i / Modalities.Count}, which was never observed; a mask can only hide."
                );
        return new(Modalities, values, newMask, labels, sites, SiteNames, patients);
    }

    /// <summary>The same rows with other values; those of modalities that are not observed become zero.</summary>
    /// <param name="newValues">M blocks of n * Size numbers, copied.</param>
    /// <exception cref="InputException">As of the constructor.</exception>
    public Cohort WithValues(IReadOnlyList<float[]> newValues) =>
        new(Modalities, newValues, mask, labels, sites, SiteNames, patients);

    /// <summary>
    /// The same without copies and checks, for finite values that were computed from this cohort's; the caller gives the
    /// blocks away.
    /// </summary>
    internal Cohort WithComputed(float[][] blocks) => new(this, blocks, mask, labels, sites, patients);

    /// <summary>The same rows with other outcomes.</summary>
    /// <param name="newLabels">n outcomes, each 0 or 1, copied.</param>
    /// <exception cref="InputException">As of the constructor.</exception>
    public Cohort WithLabels(float[] newLabels) =>
        new(Modalities, values, mask, newLabels, sites, SiteNames, patients);

    /// <summary>The same rows, as if their outcomes were not known.</summary>
    public Cohort WithoutOutcomes() => new(this, values, mask, null, sites, patients);

    /// <summary>The same rows with other sites.</summary>
    /// <param name="newSites">n indices into <paramref name="newSiteNames"/>, copied.</param>
    /// <param name="newSiteNames">Names of the sites.</param>
    /// <exception cref="InputException">As of the constructor.</exception>
    public Cohort WithSites(int[] newSites, IReadOnlyList<string> newSiteNames) =>
        new(Modalities, values, mask, labels, newSites, newSiteNames, patients);

    /// <summary>The same rows with one more, always observed, modality at the end.</summary>
    /// <param name="modality">The modality, of a name of its own.</param>
    /// <param name="block">Its values, [n * Size], copied.</param>
    /// <exception cref="InputException">As of the constructor.</exception>
    public Cohort WithModality(Modality modality, float[] block)
    {
        var count = Modalities.Count;
        var wider = new bool[Count * (count + 1)];
        for (var row = 0; row < Count; row++)
        {
            mask.AsSpan(row * count, count).CopyTo(wider.AsSpan(row * (count + 1)));
            wider[row * (count + 1) + count] = true;
        }
        return new([.. Modalities, modality], [.. values, block], wider, labels, sites, SiteNames, patients);
    }

    /// <summary>The rows of both cohorts; sites are matched by name, and equal patient identifiers are one patient.</summary>
    /// <param name="other">A cohort with the same modalities in the same order.</param>
    /// <exception cref="InputException">The modalities differ, or the outcomes of one of both are known.</exception>
    public Cohort Concat(Cohort other)
    {
        if (!Modalities.SequenceEqual(other.Modalities))
            throw new InputException(
                "Cohorts with different modalities cannot be joined; give both the same."
            );
        if (HasOutcomes != other.HasOutcomes)
            throw new InputException(
                "Rows with outcomes and rows without cannot be joined; leave the outcomes out of both."
            );
        string[] names = [.. SiteNames.Union(other.SiteNames)];
        int[] mapped =
        [
            .. sites.Select(site => Array.IndexOf(names, SiteNames[site])),
            .. other.sites.Select(site => Array.IndexOf(names, other.SiteNames[site])),
        ];
        return new(
            Modalities,
            [.. values.Zip(other.values, (a, b) => (float[])[.. a, .. b])],
            [.. mask, .. other.mask],
            labels is null ? null : [.. labels, .. other.Outcomes],
            mapped,
            names,
            [.. patients, .. other.patients]
        );
    }

    private void HideMasked()
    {
        for (var m = 0; m < Modalities.Count; m++)
        {
            var size = Modalities[m].Size;
            for (var row = 0; row < Count; row++)
                if (!IsObserved(row, m))
                    values[m].AsSpan(row * size, size).Clear();
        }
    }

    private static T[] Gather<T>(T[] source, int size, IReadOnlyList<int> rows)
    {
        var result = new T[rows.Count * size];
        for (var i = 0; i < rows.Count; i++)
            Array.Copy(source, rows[i] * size, result, i * size, size);
        return result;
    }
}
