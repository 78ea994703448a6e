using System.Text.Json.Serialization;
using CausalDebiasing.Cohorts;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// From the predictions of the predictor inside to those of the wrapped one: recalibrated, and with what the pattern tells
/// of the outcome where the deployment relates it to risk as training did.
/// </summary>
internal sealed record PatternDeployment
{
    /// <summary>Under thinned patterns; null where patterns are not adjusted for.</summary>
    [JsonInclude]
    internal PatternOffset? Offset { get; private init; }

    /// <summary>Of the interventional predictions; null where deployments are not judged.</summary>
    [JsonInclude]
    internal PatternReference? Reference { get; private init; }

    /// <summary>Of what the values let expect of the pattern; null where deployments are not judged.</summary>
    [JsonInclude]
    internal PatternReference? Presence { get; private init; }

    /// <summary>Of predictions without the pattern's part.</summary>
    [JsonInclude]
    internal Recalibration Interventional { get; private init; } = Recalibration.None;

    /// <summary>Of predictions with it.</summary>
    [JsonInclude]
    internal Recalibration Factual { get; private init; } = Recalibration.None;

    /// <summary>Learns from validation rows.</summary>
    /// <param name="validation">The rows.</param>
    /// <param name="own">What the predictor inside gives, [n] for n rows.</param>
    /// <param name="offset">Under thinned patterns.</param>
    /// <param name="recorded">Under the patterns as they are.</param>
    /// <param name="practice">What hidden practice adds to the logit of each validation row, or null.</param>
    /// <param name="options">Which parts are used.</param>
    internal static PatternDeployment Fit(
        Cohort validation,
        Func<Cohort, float[]> own,
        PatternOffset offset,
        PatternOffset recorded,
        double[]? practice,
        DeploymentOptions options
    )
    {
        var deployment = new PatternDeployment { Offset = offset };
        if (options.IsNone)
            return deployment;
        var probabilities = own(validation);
        if (options.Recalibrate)
        {
            var labels = validation.Labels;
            var other = practice ?? new double[labels.Length];
            double[] all = [.. recorded.Of(validation).Zip(other, (pattern, own) => pattern + own)];
            deployment = deployment with
            {
                Interventional = Recalibration.OfInterventional(labels, probabilities, all),
                Factual = Recalibration.OfFactual(labels, probabilities, offset.Of(validation), other),
            };
        }
        if (options.Patterns == PatternUse.Interventional)
            return deployment;
        return deployment with
        {
            Reference = PatternReference.Of(
                validation,
                deployment.Risk(probabilities),
                rows => deployment.Risk(own(rows)),
                offset
            ),
            Presence = PatternReference.Of(
                validation,
                offset.Expected(validation),
                offset.Expected,
                WithoutSeverity(offset)
            ),
        };
    }

    /// <summary>The predictions that keep what patterns tell, [n].</summary>
    internal float[] Kept(Cohort cohort, float[] own) => Factual.Apply(own, Offset!.Of(cohort));

    /// <summary>The interventional predictions, [n].</summary>
    internal float[] Risk(float[] own) => Interventional.Apply(own);

    /// <summary>The predictions as they were without recalibration, [n]; null where nothing is recalibrated.</summary>
    internal float[]? BeforeRecalibration(Cohort cohort, float[] own, PatternPart part)
    {
        if (part == PatternPart.Kept)
            return Factual == Recalibration.None ? null : Recalibration.None.Apply(own, Offset!.Of(cohort));
        return Interventional == Recalibration.None ? null : own;
    }

    /// <summary>
    /// How these patients relate risk and pattern, or values and pattern where training shows that relation more plainly, and the
    /// other not clearly; null where patterns are not adjusted for.
    /// </summary>
    /// <param name="cohort">The patients.</param>
    /// <param name="risk">Their interventional predictions, [n].</param>
    /// <param name="own">What the predictor inside gives, [n] for n rows.</param>
    internal PatternShift? Compare(Cohort cohort, float[] risk, Func<Cohort, float[]> own)
    {
        if (Offset is null)
            return null;
        if (Reference is null || Presence is null)
            return PatternShift.NotJudged;
        var byPresence = WithoutSeverity(Offset);
        var (reference, presence) = (Reference.For(cohort, Offset), Presence.For(cohort, byPresence));
        if (reference.IsMeasuredAlike && cohort.Count >= PatternShift.LeastPatients)
            return PatternShift.MeasuredAlike;
        if (reference.IsPreferredTo(presence))
            return PatternShift.Of(reference, cohort, risk, rows => Risk(own(rows)), Offset);
        return presence.IsPlain
            ? PatternShift.Of(presence, cohort, Offset.Expected(cohort), Offset.Expected, byPresence) with
            {
                IsByPresence = true,
            }
            : PatternShift.NotJudged;
    }

    private static PatternOffset WithoutSeverity(PatternOffset offset) =>
        offset with
        {
            Severity = new double[offset.Severity.Length],
        };
}
