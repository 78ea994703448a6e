using CausalDebiasing.Cohorts;
using CausalDebiasing.Numerics;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Whether risk and missingness pattern relate among deployment patients as they did in training. Needs no outcomes: the
/// slope of the interventional prediction on what the pattern tells of the outcome is compared with that among training
/// patients and with that under random patterns; alone, and beside what the pattern tells of severity, which may decide as
/// before where the outcome no longer does. Where training shows no plain relation of risk and pattern, what the values let
/// expect of the pattern takes the place of the risk.
/// </summary>
/// <param name="Position">
/// Where the deployment's slopes lie, the lower of the two: 1 as in training, 0 as under do(pattern), below 0 reversed; NaN where it cannot be
/// judged, with fewer than <see cref="LeastPatients"/> or where training shows no relation.
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

    /// <summary>Whether what the values let expect of the pattern was compared in place of the risk.</summary>
    public bool IsByPresence { get; init; }

    /// <summary>
    /// Whether the relation is nearer to that of training than to none, or cannot be told from it within two standard errors:
    /// without evidence that it has changed, what training learnt is kept. False where the position is NaN.
    /// </summary>
    public bool IsAsInTraining => Position + 2 * StandardError > 0.5;

    /// <summary>Whether the pattern would be kept even at the position of random patterns: more patients are needed to tell.</summary>
    internal bool TellsLittle => 2 * StandardError > 0.5;

    /// <summary>No comparison.</summary>
    internal static PatternShift NotJudged { get; } = new(double.NaN, double.NaN);

    /// <summary>The comparison with the slopes in training.</summary>
    internal static PatternShift Of(
        PatternReference reference,
        Cohort deployment,
        float[] risk,
        PatternOffset offset
    )
    {
        var relation = reference.Relation;
        if (deployment.Count < LeastPatients || !(relation.Beside > 0))
            return NotJudged;
        double PositionOf(IEnumerable<int> rows)
        {
            var found = PatternSlopeSums.SlopesOf(offset, deployment, risk, rows) - reference.Randomised;
            var beside = found.Beside / relation.Beside;
            return relation.Alone > LeastAlone * relation.Beside
                ? Math.Min(beside, found.Alone / relation.Alone)
                : beside;
        }
        return new(
            PositionOf(Enumerable.Range(0, deployment.Count)),
            Jackknife.StandardError(deployment.Count, PositionOf)
        );
    }
}
