using CausalDebiasing.Metrics;
using CausalDebiasing.Numerics;
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
/// <param name="isImprint">
/// Of every column, whether it is an imprint that moves no mean. Where there are any, practice must show on those of two
/// modalities, and the sites must leave no doubt: much else spreads values.
/// </param>
/// <param name="sites">Number of sites.</param>
/// <param name="use">Which evidence is asked for.</param>
/// <param name="limits">When to end.</param>
internal sealed class PracticeSearch(
    PracticeRows rows,
    int[] modalities,
    bool[] hasFewValues,
    bool[] isImprint,
    int sites,
    PracticeUse use,
    SearchLimits limits
)
{
    private const int MostKinds = 3;
    private const int MostStates = 12;

    /// <summary>Latent states that a model of one kind has more where it stands in for kinds.</summary>
    private const int FurtherStates = 2;

    /// <summary>Held-out gain over its standard error that a further latent state must have.</summary>
    private const double LeastZOfStates = 1;

    /// <summary>Starts are compared on so many rows after so many steps.</summary>
    private const int StartRows = 1500,
        StartSteps = 8;

    private readonly HeldOut parts = new(rows, limits);
    private readonly bool byImprints = isImprint.Contains(true);

    /// <summary>
    /// The kinds that held-out rows support and the evidence speaks for, or null where there are none, and the evidence. They are
    /// looked for beside the latent states that rows support without kinds. Practice itself may be the last of those: where none
    /// are found, or what is found lies along states, they are looked for beside one state fewer as well, and what held-out rows
    /// support more is taken.
    /// </summary>
    internal (PracticeMixture? Model, PracticeEvidence Evidence) Find()
    {
        var (model, held) = OfStates();
        var few = rows.Select(EvenlySpread.Of(rows.Count, StartRows));
        var one = new OneKind(model, held, few, new(few, model, modalities), new(rows, model, modalities));
        var first = Beside(model.Factors, one);
        if (byImprints || model.Factors == 1 || first is { Model: not null, Evidence.LieAlongStates: false })
            return (first.Model, first.Evidence);
        var second = Beside(model.Factors - 1, one);
        var (found, evidence, _) =
            (second.Held, second.Evidence.Kinds).CompareTo((first.Held, first.Evidence.Kinds)) > 0
                ? second
                : first;
        return (found, evidence);
    }

    /// <summary>
    /// Of the kinds that held-out rows support beside so many states the most that the evidence speaks for: where more are
    /// supported and refused, fewer may still be practice, since a third often is the end of a skewed state.
    /// </summary>
    private Finding Beside(int states, OneKind one)
    {
        var (evidence, supported) = Supported(states, one);
        var further = new Lazy<Tensor>(() =>
            parts.LogLikelihood(One(Math.Min(rows.Width, states + FurtherStates)))
        );
        var refused = default(PracticeEvidence);
        foreach (var kinds in supported)
        {
            var judged = Judge(kinds, one, further.Value);
            if (IsOpen(judged))
                return new(kinds.Found.Model, judged, kinds.Held.mean().item<double>());
            refused ??= judged;
        }
        return new(null, refused ?? evidence, double.NegativeInfinity);
    }

    /// <summary>What was seen, and the numbers of kinds that held-out rows support one after the other, the largest first.</summary>
    private (PracticeEvidence Seen, Stack<SupportedKinds> Supported) Supported(int states, OneKind one)
    {
        var evidence = new PracticeEvidence
        {
            States = states,
            StandForState = states < one.Model.Factors,
            IsByImprints = byImprints,
        };
        Candidate[][] candidates =
        [
            .. Enumerable
                .Range(2, byImprints ? 1 : MostKinds - 1)
                .Select(kinds => Candidates(one, states, kinds).ToArray()),
        ];
        var supported = new Stack<SupportedKinds>();
        if (ComparesSites && !candidates.SelectMany(own => own).Any(Differs))
            return (evidence with { Heterogeneity = candidates[0][0].Sites }, supported);
        var held = one.Held;
        foreach (var (candidate, own) in candidates.Select(Best))
        {
            var z = HeldOut.Z(own - held);
            evidence = evidence with { Z = Math.Max(z, evidence.Z) };
            if (!(z > PracticeEvidence.LeastZ))
                continue;
            held = own;
            var seen = evidence with
            {
                Kinds = candidate.Found.Model.Kinds,
                Z = z,
                Heterogeneity = candidate.Sites,
            };
            supported.Push(new(seen, candidate.Found, own));
        }
        return (evidence, supported);
    }

    /// <summary>Whether it matters that sites differ: not where practice is assumed for want of sites, or forced.</summary>
    private bool ComparesSites => use is not PracticeUse.Forced && !(use is PracticeUse.Assumed && sites < 2);

    private bool IsOpen(PracticeEvidence evidence) =>
        use == PracticeUse.Forced
        || evidence.IsPractice && (!ComparesSites || Differ(evidence.Heterogeneity));

    private bool Differ(SiteHeterogeneity own) => byImprints ? own.IsOverwhelming : own.IsClear;

    /// <summary>What speaks for and against supported kinds.</summary>
    /// <param name="kinds">The kinds.</param>
    /// <param name="one">What they are compared with.</param>
    /// <param name="further">Log likelihood of held-out rows under a model of one kind with further states, [n].</param>
    private PracticeEvidence Judge(SupportedKinds kinds, OneKind one, Tensor further)
    {
        var (evidence, found, held) = kinds;
        evidence = evidence with
        {
            ZOverStates = HeldOut.Z(held - further),
            Separations =
            [
                .. modalities
                    .Distinct()
                    .Select(m =>
                        found.Model.Separation([
                            .. Columns().Where(j => modalities[j] == m && isImprint[j] == byImprints),
                        ])
                    ),
            ],
            Recorded = Recorded(found),
            AlongStates = found.Model.AlongStates(),
        };
        if (!IsOpen(evidence))
            return evidence;
        var (left, p) = ReferralByRisk.Left(rows, found.Model);
        return evidence with
        {
            Others = OtherPopulations.Of(parts, found, held, (held - one.Held).mean().item<double>()),
            LeftAtSameRisk = left,
            PAtSameRisk = p,
        };
    }

    /// <summary>
    /// Fits with so many kinds: from the most likely of many cuts, and from the direction in which outcome and site interact,
    /// along which practice lies that is too faint to be the most likely. So do effects and skewed states that differ by site,
    /// which lie along states: these are not taken up from there.
    /// </summary>
    private IEnumerable<Candidate> Candidates(OneKind one, int states, int kinds)
    {
        if (!byImprints)
            yield return Fit(MostLikely(one.Few, one.Cuts.Apart(kinds), states));
        foreach (var memberships in one.Interactions.Interacting(kinds))
        {
            var own = Fit(PracticeEm.Start(rows, memberships, sites, states));
            if (byImprints || own.Found.Model.AlongStates() < PracticeEvidence.LeastAlongStates)
                yield return own;
        }
    }

    private PracticeMixture MostLikely(PracticeRows few, IEnumerable<Tensor> starts, int states) =>
        starts
            .Select(memberships =>
            {
                limits.Check();
                return PracticeEm.Fit(few, PracticeEm.Start(few, memberships, sites, states), StartSteps);
            })
            .MaxBy(result => result.LogLikelihood)!
            .Model;

    private Candidate Fit(PracticeMixture start)
    {
        limits.Check();
        var found = PracticeEm.Fit(rows, start);
        return new(found, SiteHeterogeneity.Of(rows, found.Model));
    }

    /// <summary>Of fits with as many kinds the one that held-out rows support most, if sites differ in some of those.</summary>
    private (Candidate Best, Tensor Held) Best(Candidate[] candidates)
    {
        var differing = candidates.Where(Differs).ToArray();
        return (ComparesSites && differing.Length > 0 ? differing : candidates)
            .Select(own => (Best: own, Held: parts.LogLikelihood(own.Found.Model)))
            .MaxBy(own => own.Held.mean().item<double>());
    }

    private bool Differs(Candidate own) => Differ(own.Sites);

    /// <summary>Kinds that are taken for practice, or null; the evidence; the mean log likelihood of held-out rows, or minus infinity.</summary>
    private sealed record Finding(PracticeMixture? Model, PracticeEvidence Evidence, double Held);

    /// <summary>A model of one kind, the log likelihood of held-out rows with it, [n], and where searches for more begin.</summary>
    private sealed record OneKind(
        PracticeMixture Model,
        Tensor Held,
        PracticeRows Few,
        PracticeStarts Cuts,
        PracticeStarts Interactions
    );

    /// <summary>Kinds that held-out rows support, and the rows' log likelihood with them, [n].</summary>
    private sealed record SupportedKinds(PracticeEvidence Evidence, PracticeEm.Result Found, Tensor Held);

    /// <summary>Kinds, and whether sites differ in how they go with the outcome.</summary>
    private sealed record Candidate(PracticeEm.Result Found, SiteHeterogeneity Sites);

    /// <summary>A model of one kind with as many latent states as held-out rows support, and their log likelihood.</summary>
    private (PracticeMixture Model, Tensor Held) OfStates()
    {
        var most = Math.Max(1, Math.Min(MostStates, rows.Width / 2));
        var one = One(Math.Clamp(LeadingStates() - 1, 1, most));
        var held = parts.LogLikelihood(one);
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

    /// <summary>
    /// How many eigenvalues of the correlations within outcomes and sites exceed what columns without any correlation would
    /// have (Marchenko and Pastur 1967): where the search for the number of states begins.
    /// </summary>
    private int LeadingStates()
    {
        var observed = rows.Observed;
        var residual = PracticeEm.Start(rows, Alone(rows), sites, 1).Residual(rows, observed, 0);
        var pairs = observed.t().mm(observed).clamp_min(1);
        var covariance = residual.t().mm(residual) / pairs;
        var scale = covariance.diagonal().clamp_min(1e-6).sqrt();
        var values = linalg.eigvalsh(covariance / scale / scale.unsqueeze(1)).Elements<double>();
        var edge = Math.Pow(1 + Math.Sqrt(rows.Width / pairs.mean().item<double>()), 2);
        return values.Count(value => value > edge);
    }

    private static Tensor Alone(PracticeRows rows) => ones(rows.Count, 1, ScalarType.Float64);

    private PracticeMixture One(int states)
    {
        limits.Check();
        return PracticeEm.Fit(rows, PracticeEm.Start(rows, Alone(rows), sites, states)).Model;
    }

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
}
