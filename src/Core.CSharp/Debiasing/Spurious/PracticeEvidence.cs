using System.Globalization;

namespace CausalDebiasing.Debiasing;

/// <summary>What speaks for and against hidden practice in a fit; the part of <see cref="HiddenPractice"/> that is reported.</summary>
internal sealed record PracticeEvidence
{
    /// <summary>Mean held-out gain over its standard error that a further kind must have.</summary>
    internal const double LeastZ = 3;

    /// <summary>The same over a model of one kind with two latent states more, which a mere correlation would be.</summary>
    private const double LeastZOverStates = 2;

    /// <summary>Separation within a modality that counts as an imprint.</summary>
    private const double LeastSeparation = 0.5;

    /// <summary>The same on an imprint that moves no mean: states that are skewed spread values as well, but not as much.</summary>
    private const double LeastSeparationOfImprint = 2.5;

    /// <summary>
    /// An imprint on one modality alone may be a subtype that the modality records: it must be large, and the sites must leave no doubt.
    /// </summary>
    private const double LeastSeparationAlone = 16;

    /// <summary>Share of the gain that a restriction may hide; see <see cref="OtherPopulations"/>.</summary>
    private const double MostOfGain = 0.25;

    /// <summary>See <see cref="ReferralByRisk"/>: practice leaves 0.5 and more, subtypes that are referred by risk 0.35 and less.</summary>
    private const double LeastLeftAtSameRisk = 0.4;

    /// <summary>The same from which on kinds that took the place of a latent state may have covariances of their own: practice left 0.67 and more.</summary>
    private const double MuchLeftAtSameRisk = 0.6;

    /// <summary>Probability above which what is left beside risks that spread differently by site may be chance.</summary>
    private const double MostPAtSameRisk = 0.01;

    /// <summary>
    /// Share of the kinds' difference along latent states from which on they lie along them, and their own covariances count: elsewhere a device that
    /// shifts skewed values, which compresses some, has those as well, and one that spreads values always has.
    /// </summary>
    internal const double LeastAlongStates = 0.5;

    /// <summary>
    /// AUROC with which one column of few values may tell a kind: above it the kind is recorded. It is lower where kinds lie
    /// along latent states: the extremes of a state are told by every column that reads it.
    /// </summary>
    private const double MostRecorded = 0.78,
        MostRecordedAlongStates = 0.66;

    /// <summary>Number of kinds; 1 where no mixture was found.</summary>
    internal int Kinds { get; init; } = 1;

    /// <summary>Whether it was looked for by imprints that move no mean.</summary>
    internal bool IsByImprints { get; init; }

    /// <summary>
    /// Whether the kinds took the place of a latent state, so that how they lie to it is not seen: they are judged as if they
    /// lay along it.
    /// </summary>
    internal bool StandForState { get; init; }

    /// <summary>Whether the time that the fit was given was spent before the search was done.</summary>
    internal bool IsCutShort { get; init; }

    /// <summary>Number of latent states.</summary>
    internal int States { get; init; }

    /// <summary>Mean held-out gain of the last kind over its standard error.</summary>
    internal double Z { get; init; }

    /// <summary>That of all kinds over two more latent states.</summary>
    internal double ZOverStates { get; init; }

    /// <summary>Separation within each modality that has columns.</summary>
    internal IReadOnlyList<double> Separations { get; init; } = [];

    /// <summary>Whether practice goes with the outcome differently at different sites.</summary>
    internal SiteHeterogeneity Heterogeneity { get; init; }

    /// <summary>See <see cref="PracticeMixture.AlongStates"/>.</summary>
    internal double AlongStates { get; init; }

    /// <summary>Whether the kinds are other people; null where it was not looked at.</summary>
    internal OtherPopulations? Others { get; init; }

    /// <summary>See <see cref="ReferralByRisk"/>; null where it was not looked at.</summary>
    internal double? LeftAtSameRisk { get; init; }

    /// <summary>See <see cref="ReferralByRisk"/>; null where it was not looked at.</summary>
    internal double? PAtSameRisk { get; init; }

    /// <summary>Highest AUROC with which a column of few values tells a kind.</summary>
    internal double Recorded { get; init; }

    /// <summary>Whether all but the comparison of sites speaks for practice, as far as it was looked at.</summary>
    internal bool IsPractice => Kinds > 1 && !Objections().Any();

    /// <summary>Why the branch stays shut, in the words of a warning; null where it opens or there is nothing to find.</summary>
    internal string? Doubt =>
        IsCutShort ? "the time was up before the search was done"
        : Kinds == 1 ? null
        : Objections().FirstOrDefault() is { } objection ? objection
        : (IsByImprints ? Heterogeneity.IsOverwhelming : Heterogeneity.IsClear) ? null
        : "sites do not differ in how they relate to the outcome";

    /// <summary>The same for users.</summary>
    /// <param name="isTakenOut">Whether it is offset.</param>
    internal PracticeFinding Finding(bool isTakenOut) =>
        new()
        {
            Kinds = Kinds,
            States = States,
            Z = double.IsFinite(Z) ? Z : 0,
            ZOverStates = Kinds > 1 && double.IsFinite(ZOverStates) ? ZOverStates : null,
            ModalitiesApart = ModalitiesApart,
            Recorded = Kinds > 1 ? Recorded : null,
            SitesP = double.IsFinite(Heterogeneity.P) ? Heterogeneity.P : 1,
            IsTakenOut = isTakenOut,
            Doubt = isTakenOut ? null : Doubt,
        };

    /// <summary>The numbers by name.</summary>
    internal IEnumerable<(string Name, string Value)> Numbers()
    {
        if (IsByImprints)
            yield return ("shown.by", "shared values and spread");
        yield return ("kinds", Kinds.ToString(CultureInfo.InvariantCulture));
        yield return ("states", States.ToString(CultureInfo.InvariantCulture));
        yield return ("z", Text(Z));
        yield return ("q", Text(Heterogeneity.Statistic));
        yield return ("df", Heterogeneity.DegreesOfFreedom.ToString(CultureInfo.InvariantCulture));
        yield return ("p", Heterogeneity.P.ToString("g3", CultureInfo.InvariantCulture));
        if (Doubt is { } doubt)
            yield return ("doubt", doubt);
        if (Kinds == 1)
            yield break;
        yield return ("z.states", Text(ZOverStates));
        yield return ("separations", string.Join(' ', Separations.Select(Text)));
        yield return ("recorded", Text(Recorded));
        yield return ("along.states", Text(AlongStates));
        if (LeftAtSameRisk is { } left)
            yield return ("left.at.same.risk", Text(left));
        if (PAtSameRisk is { } p)
            yield return ("p.at.same.risk", p.ToString("g3", CultureInfo.InvariantCulture));
        if (Others is { } others)
        {
            yield return ("own.covariance", Text(others.Covariance));
            yield return ("own.sites", Text(others.Sites));
            yield return ("own.outcomes", Text(others.Outcomes));
        }
    }

    /// <summary>Whether kinds lie along latent states, or are taken to.</summary>
    internal bool LieAlongStates => !IsByImprints && (StandForState || AlongStates >= LeastAlongStates);

    /// <summary>
    /// Whether covariances of the kinds' own count against them: those of the ends of a skewed state differ. Kinds that took the place of a
    /// state are such ends only if they lie along the others, too, or little is left at the same risk.
    /// </summary>
    private bool CovariancesCount =>
        !IsByImprints
        && (AlongStates >= LeastAlongStates || StandForState && !(LeftAtSameRisk >= MuchLeftAtSameRisk));

    private int ModalitiesApart =>
        Separations.Count(separation =>
            separation >= (IsByImprints ? LeastSeparationOfImprint : LeastSeparation)
        );

    private IEnumerable<string> Objections()
    {
        if (!(ZOverStates > LeastZOverStates))
            yield return "a further latent state explains them as well";
        if (Recorded > (LieAlongStates ? MostRecordedAlongStates : MostRecorded))
            yield return "a recorded column tells them";
        if (
            ModalitiesApart < 2
            && (IsByImprints || !(Separations.Max() >= LeastSeparationAlone && Heterogeneity.IsOverwhelming))
        )
            yield return "they show in one modality only";
        if (Others is { } others && others.Largest(CovariancesCount) > MostOfGain)
            yield return "they are other patients rather than the same measured otherwise";
        if (LeftAtSameRisk < LeastLeftAtSameRisk)
            yield return "sites differ in the risk at which patients become of a kind, which a subtype may explain";
        if (PAtSameRisk > MostPAtSameRisk)
            yield return "sites differ in how risks spread, which explains how they relate to the outcome";
    }

    private static string Text(double number) => number.ToString("f2", CultureInfo.InvariantCulture);
}
