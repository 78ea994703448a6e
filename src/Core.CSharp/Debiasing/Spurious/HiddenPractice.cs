using CausalDebiasing.Cohorts;
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

    private const int MostRows = 4000;

    private static readonly double Limit = Math.Log(500);

    private readonly int[] modalities;
    private readonly PracticeRows train;
    private readonly PracticeRows validation;
    private readonly List<PracticeMixture> practices = [];

    private HiddenPractice(int[] modalities, PracticeRows train, PracticeRows validation) =>
        (this.modalities, this.train, this.validation) = (modalities, train.Keep(), validation.Keep());

    /// <summary>What was seen of each practice that was looked for.</summary>
    internal IReadOnlyList<PracticeEvidence> Evidence { get; private set; } = [];

    /// <summary>What taking practice out costs; null where none was found.</summary>
    internal PartCost? Cost { get; private set; }

    /// <summary>Number of practices that are offset.</summary>
    internal int Count => practices.Count;

    /// <summary>Searches training and validation rows, whose outcomes and sites it reads.</summary>
    internal static HiddenPractice Fit(Cohort train, Cohort validation, PracticeUse use, Seed seed)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var scores = NormalScores.Fit(train, seed.Derive("scores"));
        var sites = PracticeSites.Of(train, validation);
        PracticeRows Rows(Cohort cohort, string name) =>
            PracticeRows.Of(
                scores.Of(cohort, name),
                [.. cohort.Labels.ToArray().Select(label => (int)label)],
                sites.Of(cohort)
            );
        var practice = new HiddenPractice(
            scores.Modalities,
            Rows(train, "train"),
            Rows(validation, "validation")
        );
        if (scores.Width > 1)
            practice.Search(scores, sites.Count, use);
        if (practice.Count > 0)
            practice.Weigh(sites.Count, use);
        return practice;
    }

    /// <summary>The offsets of training rows of which the modalities of patterns are shown, [n].</summary>
    internal double[] OfTraining(int[] rows, int[] patterns)
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

    private void Search(NormalScores scores, int sites, PracticeUse use)
    {
        var rows = train.Join(validation);
        rows = rows.Select(PracticeSearch.Spread(rows.Count, MostRows));
        var seen = new List<PracticeEvidence>();
        for (var round = 0; round < MostPractices; round++)
        {
            var search = new PracticeSearch(rows, modalities, scores.HasFewValues, sites, use);
            var (found, evidence) = search.Find();
            seen.Add(evidence);
            if (found is null)
                break;
            practices.Add(found.Keep());
            rows = rows.Less(found.ExpectedShift(rows, asTrained: true));
        }
        Evidence = seen;
    }

    /// <summary>Measures the cost, and leaves practice in where it is not what it was taken for.</summary>
    private void Weigh(int sites, PracticeUse use)
    {
        var cost = PartCost.Of(train, Offsets(train), validation, Offsets(validation), sites);
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
