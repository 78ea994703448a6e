using CausalDebiasing.Cohorts;
using CausalDebiasing.Numerics;
using CausalDebiasing.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// The spurious branch: hidden kinds of practice that were found in the recorded values and, where the evidence suffices, what
/// they tell of the outcome at each site as an exact offset of the logit. Training knows the offset of every row under every
/// pattern that thinning leaves of it; predictions leave it out, and are then those under an intervention on practice.
/// </summary>
internal sealed class HiddenPractice : IDisposable
{
    /// <summary>Independent practices that are looked for, one after the other.</summary>
    private const int MostPractices = 2;

    /// <summary>Rows that are searched: as many as keep the numbers that are read in bounds, between these.</summary>
    private const int FewestRows = 4000,
        MostRows = 8000,
        MostNumbers = 330_000;

    /// <summary>See <see cref="MayShow"/>.</summary>
    private const double MostPOfImprint = 1e-3;

    private static readonly double Limit = Math.Log(500);

    private readonly NormalScores scores;
    private readonly int[] modalities;
    private readonly PracticeRows train;
    private readonly PracticeRows validation;
    private readonly int sites;
    private readonly List<PracticeMixture> practices = [];

    private HiddenPractice(NormalScores scores, Cohort train, Cohort validation, ComparedSites sites)
    {
        PracticeRows Rows(Cohort cohort, string name) =>
            PracticeRows
                .Of(
                    scores.Of(cohort, name),
                    [.. cohort.Labels.ToArray().Select(label => (int)label)],
                    sites.Of(cohort)
                )
                .Keep();
        (this.scores, modalities, this.sites) = (scores, scores.Modalities, sites.Count);
        (this.train, this.validation) = (Rows(train, "train"), Rows(validation, "validation"));
    }

    /// <summary>What was seen of each practice that was looked for.</summary>
    internal IReadOnlyList<PracticeEvidence> Evidence { get; private set; } = [];

    /// <summary>What taking practice out costs; null where none was found.</summary>
    internal PartCost? Cost { get; private set; }

    /// <summary>Number of practices that are offset.</summary>
    internal int Count => practices.Count;

    /// <summary>
    /// Searches training and validation rows, whose outcomes and sites it reads: first for practice that shifts what is
    /// recorded, and where there is none, for one that only shows in how values spread or are shared.
    /// </summary>
    /// <exception cref="OperationCanceledException">As the limits say.</exception>
    internal static HiddenPractice Fit(
        Cohort train,
        Cohort validation,
        PracticeUse use,
        Seed seed,
        SearchLimits limits
    )
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var scores = NormalScores.Fit(train, seed.Derive("scores"));
        var sites = ComparedSites.Of(train, validation);
        var practice = new HiddenPractice(scores, train, validation, sites);
        practice.Search(use, limits);
        var isDone =
            practice.Count > 0 || practice.Cost is not null || practice.Evidence.Any(own => own.IsCutShort);
        if (isDone || use == PracticeUse.Forced || sites.Count < 2)
            return practice;
        var imprints = scores.WithImprints(train);
        if (imprints.Width == scores.Width)
            return practice;
        var further = new HiddenPractice(imprints, train, validation, sites);
        if (further.MayShow())
            further.Search(use, limits);
        var (found, other) = further.Count > 0 ? (further, practice) : (practice, further);
        found.Evidence = [.. practice.Evidence, .. further.Evidence];
        other.Dispose();
        return found;
    }

    /// <summary>The offsets of training rows of which the modalities of patterns are shown, [n].</summary>
    internal double[] OfTraining(IReadOnlyList<int> rows, IReadOnlyList<int> patterns)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        return Offsets(train.Select(rows).Show(modalities, patterns));
    }

    /// <summary>The offsets of the validation rows as they are.</summary>
    internal double[] OfValidation()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        return Offsets(validation);
    }

    public void Dispose()
    {
        train.Dispose();
        validation.Dispose();
        foreach (var practice in practices)
            practice.Dispose();
    }

    /// <summary>Whether imprints of two modalities differ by site in how they go with the outcome, so that a search is worth it.</summary>
    private bool MayShow()
    {
        var isImprint = scores.IsImprint;
        return OutcomeBySite
                .P(Searched())
                .Select((p, j) => (P: p, Column: j))
                .Where(own => isImprint[own.Column] && own.P < MostPOfImprint)
                .Select(own => modalities[own.Column])
                .Distinct()
                .Count() > 1;
    }

    private PracticeRows Searched()
    {
        var rows = train.Join(validation);
        var most = Math.Clamp(MostNumbers / Math.Max(1, rows.Width), FewestRows, MostRows);
        return rows.Select(EvenlySpread.Of(rows.Count, most));
    }

    private void Search(PracticeUse use, SearchLimits limits)
    {
        if (scores.Width < 2)
            return;
        var rows = Searched();
        var seen = new List<PracticeEvidence>();
        try
        {
            for (var round = 0; round < MostPractices; round++)
            {
                var (found, evidence) = new PracticeSearch(
                    rows,
                    modalities,
                    scores.HasFewValues,
                    scores.IsImprint,
                    sites,
                    use,
                    limits
                ).Find();
                seen.Add(evidence);
                if (found is null)
                    break;
                practices.Add(found.Keep());
                rows = rows.Less(found.ExpectedShift(rows, asTrained: true));
            }
        }
        catch (SearchLimits.SpentException)
        {
            seen.Add(new() { IsCutShort = true });
        }
        Evidence = seen;
        if (Count > 0)
            Weigh(use);
    }

    /// <summary>Measures the cost, and leaves practice in where it is not what it was taken for.</summary>
    private void Weigh(PracticeUse use)
    {
        var cost = PartCost.Of(
            train.ForCost(),
            Offsets(train),
            validation.ForCost(),
            Offsets(validation),
            sites,
            tellsSites: true
        );
        Cost = cost;
        if (cost.IsBorne || use == PracticeUse.Forced)
            return;
        foreach (var practice in practices)
            practice.Dispose();
        practices.Clear();
    }

    private double[] Offsets(PracticeRows rows)
    {
        var sum = zeros(rows.Count, ScalarType.Float64);
        PracticeRows[] classes = [rows.WithOutcome(0), rows.WithOutcome(1)];
        foreach (var practice in practices)
        {
            sum.add_(practice.Offset(classes));
            classes = [.. classes.Select(own => own.Less(practice.ExpectedShift(own, asTrained: false)))];
        }
        return sum.clamp(-Limit, Limit).Elements<double>();
    }
}
