using CausalDebiasing.Metrics;
using CausalDebiasing.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Searches for hidden kinds of practice: how many latent states held-out rows support, then how many kinds beside them, each
/// from several starts, and what speaks for and against what was found.
/// </summary>
/// <param name="rows">Training rows.</param>
/// <param name="modalities">The modality of every column.</param>
/// <param name="hasFewValues">Of every column, whether its values are few.</param>
/// <param name="sites">Number of sites.</param>
internal sealed class PracticeSearch(PracticeRows rows, int[] modalities, bool[] hasFewValues, int sites)
{
    private const int MostKinds = 3;
    private const int MostStates = 12;

    /// <summary>Latent states that a model of one kind has more where it stands in for kinds.</summary>
    private const int FurtherStates = 2;

    /// <summary>Held-out gain over its standard error that a further latent state must have.</summary>
    private const double LeastZOfStates = 1;

    /// <summary>Starts are compared on so many rows after so many steps.</summary>
    private const int StartRows = 2000,
        StartSteps = 12;

    private readonly HeldOut parts = new(rows);

    /// <summary>The model with the most kinds that held-out rows support, or null, and the evidence.</summary>
    internal (PracticeMixture? Model, PracticeEvidence Evidence) Find()
    {
        var (one, heldOne) = OfStates();
        var evidence = new PracticeEvidence { States = one.Factors };
        var few = rows.Select(Spread(rows.Count, StartRows));
        var starts = new PracticeStarts(few, one);
        var (best, held) = (default(PracticeEm.Result), heldOne);
        for (var kinds = 2; kinds <= MostKinds; kinds++)
        {
            var start = starts
                .Memberships(modalities, kinds)
                .Select(first =>
                    PracticeEm.Fit(few, PracticeEm.Start(few, first, sites, one.Factors), StartSteps)
                )
                .MaxBy(result => result.LogLikelihood)!;
            var found = PracticeEm.Fit(rows, start.Model);
            var own = parts.LogLikelihood(found.Model);
            var z = HeldOut.Z(own - held);
            evidence = evidence with { Z = Math.Max(z, evidence.Z) };
            if (!(z > PracticeEvidence.LeastZ))
                continue;
            (best, held) = (found, own);
            evidence = evidence with { Kinds = kinds, Z = z };
        }
        return best is null ? (null, evidence) : (best.Model, Judge(evidence, best, held, heldOne));
    }

    private PracticeEvidence Judge(
        PracticeEvidence evidence,
        PracticeEm.Result found,
        Tensor held,
        Tensor heldOne
    )
    {
        var gain = (held - heldOne).mean().item<double>();
        var further = parts.LogLikelihood(One(found.Model.Factors + FurtherStates));
        return evidence with
        {
            ZOverStates = HeldOut.Z(held - further),
            Separations =
            [
                .. modalities
                    .Distinct()
                    .Select(m => found.Model.Separation([.. Columns().Where(j => modalities[j] == m)])),
            ],
            Heterogeneity = SiteHeterogeneity.Of(rows, found.Model),
            Others = OtherPopulations.Of(parts, found, held, gain),
            Recorded = Recorded(found),
        };
    }

    /// <summary>A model of one kind with as many latent states as held-out rows support, and their log likelihood.</summary>
    private (PracticeMixture Model, Tensor Held) OfStates()
    {
        var one = One(1);
        var held = parts.LogLikelihood(one);
        var most = Math.Min(MostStates, rows.Width / 2);
        while (one.Factors < most)
        {
            var next = One(one.Factors + 1);
            var own = parts.LogLikelihood(next);
            if (!(HeldOut.Z(own - held) > LeastZOfStates))
                break;
            (one, held) = (next, own);
        }
        return (one, held);
    }

    private PracticeMixture One(int states) =>
        PracticeEm
            .Fit(rows, PracticeEm.Start(rows, ones(rows.Count, 1, ScalarType.Float64), sites, states))
            .Model;

    /// <summary>Highest AUROC with which a column of few values tells whether a row is of a kind.</summary>
    private double Recorded(PracticeEm.Result found)
    {
        var (values, observed) = (rows.Values.Elements<double>(), rows.Observed.Elements<double>());
        var memberships = found.Memberships.Elements<double>();
        var most = 0.5;
        foreach (var j in Columns().Where(j => hasFewValues[j]))
        {
            int[] seen =
            [
                .. Enumerable.Range(0, rows.Count).Where(row => observed[row * rows.Width + j] > 0),
            ];
            for (var k = 0; k < found.Model.Kinds; k++)
            {
                float[] kind =
                [
                    .. seen.Select(row => memberships[row * found.Model.Kinds + k] > 0.5 ? 1f : 0),
                ];
                var auroc = Auroc.Compute(kind, [.. seen.Select(row => (float)values[row * rows.Width + j])]);
                if (!double.IsNaN(auroc))
                    most = Math.Max(most, Math.Max(auroc, 1 - auroc));
            }
        }
        return most;
    }

    private IEnumerable<int> Columns() => Enumerable.Range(0, rows.Width);

    /// <summary>At most so many of n positions, evenly spread.</summary>
    internal static int[] Spread(int count, int most) =>
        [
            .. Enumerable
                .Range(0, Math.Min(count, most))
                .Select(i => (int)((long)i * count / Math.Min(count, most))),
        ];
}
