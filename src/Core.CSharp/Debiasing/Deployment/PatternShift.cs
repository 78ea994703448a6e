using CausalDebiasing.Cohorts;
using CausalDebiasing.Numerics;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Whether risk and missingness pattern relate among deployment patients as they did in training. Needs no outcomes: the
/// slope of what the pattern tells of the outcome on the interventional prediction is compared with that among training
/// patients, the prediction being freed of what it owes to the pattern itself; alone, and beside
/// what the pattern tells of severity, which may decide as before where the outcome no longer does. Where training shows no
/// clear relation of risk and pattern, and a plainer one of values and pattern, what the values let expect of the pattern takes the place of the risk.
/// </summary>
/// <param name="Position">
/// Where the deployment's slopes lie, the lower of the two: 1 as in training, 0 as under do(pattern) and where nearly the same is measured of
/// all patients, below 0 reversed; NaN where it cannot be judged, with fewer than <see cref="LeastPatients"/>, where training shows no relation or <see cref="IsTooNarrow"/>.
/// </param>
/// <param name="StandardError">
/// Of the position, by a jackknife over groups of the deployment patients (Efron 1982, chapter 3); NaN where that is.
/// </param>
public sealed record PatternShift(double Position, double StandardError)
{
    /// <summary>Deployment patients below which nothing is judged.</summary>
    public const int LeastPatients = 100;

    /// <summary>
    /// Where severity and outcome decide about presence in opposite directions, the slope alone tells nothing: it counts
    /// if in training it is at least this share of that beside severity.
    /// </summary>
    private const double LeastAlone = 0.25;

    /// <summary>Of the whole relation, below which a single modality is not looked at.</summary>
    private const double LeastPart = 0.1;

    /// <summary>Share of the true risk's variance that records are taken to have.</summary>
    private const double Known = 0.7;

    /// <summary>Share of the slope below which what little is left cannot be told from what the risk owes to the pattern.</summary>
    private const double LeastLeft = 0.35;

    /// <summary>Whether what the values let expect of the pattern was compared in place of the risk.</summary>
    public bool IsByPresence { get; init; }

    /// <summary>
    /// Whether the relation of a single modality that holds a tenth of the whole or more has changed, by more than two standard
    /// errors; the others may make up for it.
    /// </summary>
    public bool HasChangedModality { get; init; }

    /// <summary>Whether the risk spreads too little among these patients to judge by; the position is then NaN.</summary>
    public bool IsTooNarrow { get; init; }

    /// <summary>
    /// Whether the relation is nearer to that of training than to none, or cannot be told from it within two standard errors:
    /// without evidence that it has changed, what training learnt is kept. False where the position is NaN.
    /// </summary>
    public bool IsAsInTraining => Position + 2 * StandardError > 0.5;

    /// <summary>
    /// Whether the relation is nearer to that of training than to none by more than two standard errors, and no modality's has changed.
    /// What values let expect shows nothing of what the outcome does. False where the position is NaN.
    /// </summary>
    public bool IsShownAsInTraining =>
        Position - 2 * StandardError > 0.5 && !HasChangedModality && !IsByPresence;

    /// <summary>Whether the relation is half as strong again as in training, or more, by more than two standard errors.</summary>
    internal bool IsStronger => Position - 2 * StandardError > 1.5;

    /// <summary>Whether the pattern would be kept even at the position of random patterns: more patients are needed to tell.</summary>
    internal bool TellsLittle => 2 * StandardError > 0.5;

    /// <summary>No comparison.</summary>
    internal static PatternShift NotJudged { get; } = new(double.NaN, double.NaN);

    /// <summary>Where nearly the same is measured of all patients: what varies in training cannot go with risk there.</summary>
    internal static PatternShift MeasuredAlike { get; } = new(0, 0);

    /// <summary>The comparison with what is expected of a deployment that measures as training did.</summary>
    /// <param name="expected">That.</param>
    /// <param name="deployment">The patients.</param>
    /// <param name="recorded">Their interventional predictions, [n].</param>
    /// <param name="risk">Gives those of the same patients with fewer modalities, [n] for n rows.</param>
    /// <param name="offset">Of the training rows.</param>
    internal static PatternShift Of(
        PatternExpectation expected,
        Cohort deployment,
        float[] recorded,
        Func<Cohort, float[]> risk,
        PatternOffset offset
    )
    {
        var training = expected.Slopes;
        if (deployment.Count < LeastPatients || !(training.Beside > 0))
            return NotJudged;
        var (all, without) = SamePatients.Relations(deployment, recorded, risk);
        double PositionOf(PatternSlopes found)
        {
            var beside = found.Beside / training.Beside;
            return training.Alone > LeastAlone * training.Beside
                ? Math.Min(beside, found.Alone / training.Alone)
                : beside;
        }
        var slopes = all.Slopes(offset);
        var left = LeftByNarrowing(slopes.Spread / training.Spread);
        if (!(left >= LeastLeft))
            return NotJudged with { IsTooNarrow = true };
        return new(
            PositionOf(slopes) / left,
            Jackknife.StandardError([.. without.Select(own => PositionOf(own.Slopes(offset)))]) / left
        )
        {
            HasChangedModality = HasChanged(
                expected.ByModality,
                all.SlopesByModality(offset),
                [.. without.Select(own => own.SlopesByModality(offset))],
                left
            ),
        };
    }

    private static bool HasChanged(double[] expected, double[] found, double[][] without, double left)
    {
        var least = LeastPart * expected.Sum(Math.Abs);
        return Enumerable
            .Range(0, expected.Length)
            .Where(m => expected[m] > least)
            .Any(m =>
            {
                var error = Jackknife.StandardError([.. without.Select(own => own[m] / expected[m])]);
                return (found[m] / expected[m] + 2 * error) / left < 0.5;
            });
    }

    /// <summary>
    /// Share of the slope that is left where a deployment treats a part of the patients, chosen by more than is recorded (Pearson's
    /// correction for range restriction, by the true risk). With s and z the recorded and the true risk, r = <see cref="Known"/> the
    /// share of the variance of z that s has, and u and w the shares of the variances of z and s that are left, w = 1 - r (1 - u), and the
    /// slope of z on s becomes u / w.
    /// </summary>
    /// <param name="spread">w.</param>
    private static double LeftByNarrowing(double spread) => Math.Min(1, (1 - (1 - spread) / Known) / spread);
}
