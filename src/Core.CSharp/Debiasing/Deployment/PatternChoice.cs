namespace CausalDebiasing.Debiasing;

/// <summary>Whether predictions keep what patterns tell, by how a deployment relates risk and pattern.</summary>
/// <param name="Use">What the options ask for.</param>
/// <param name="IsReadAnyway">
/// Whether the predictor inside reads the pattern without the add-on, as neural networks and those with
/// <see cref="Predictors.IPredictor.ReadsPattern"/> do: then what training learnt is kept unless the patients show that it has changed,
/// which is no worse than without the add-on. To any other predictor it is a risk that the add-on alone brings: it is kept only where
/// the patients show that it is as in training.
/// </param>
internal readonly record struct PatternChoice(PatternUse Use, bool IsReadAnyway)
{
    /// <summary>Why predictions for rows are as they are before a deployment was decided on.</summary>
    internal string Undecided(PatternShift? shift, int rows) =>
        shift is null || Use == PatternUse.Interventional
            ? Reason(shift, rows)
            : $"{Reason(shift, rows)} That is of these rows alone: {nameof(DebiasedPredictor.DeployTo)} decides it once for all.";

    /// <summary>The choice.</summary>
    /// <param name="shift">Null where patterns are not adjusted for.</param>
    /// <param name="rows">Number of rows that were compared.</param>
    internal PatternPart Part(PatternShift? shift, int rows)
    {
        if (shift is null)
            return PatternPart.NotSeparated;
        if (Use == PatternUse.Interventional)
            return PatternPart.LeftOut;
        var isKept = IsJudged(shift, rows)
            ? IsReadAnyway
                ? shift.IsAsInTraining
                : shift.IsShownAsInTraining
            : IsReadAnyway;
        return isKept ? PatternPart.Kept : PatternPart.LeftOut;
    }

    /// <summary>One sentence on a choice.</summary>
    internal string Reason(PatternShift? shift, int rows)
    {
        if (shift is null)
            return "The options do not take what missingness patterns tell apart from the rest.";
        if (Use == PatternUse.Interventional)
            return $"Left out, as the options ask ({nameof(DebiasOptions)}.{nameof(DebiasOptions.Patterns)}).";
        var (verb, why) =
            Part(shift, rows) == PatternPart.Kept
                ? ("Kept", "")
                : ("Left out", ", and the plain predictor does not read the pattern");
        if (!IsJudged(shift, rows))
            return $"{verb}: {NotJudged(shift, rows)}{why}.";
        var (what, position) = (shift.IsByPresence ? "values" : "risk", Position(shift));
        if (!shift.IsAsInTraining)
            return $"Left out: {what} and missingness pattern do not relate as in training ({position}).";
        if (!IsReadAnyway && shift.IsByPresence)
            return $"Left out: values and missingness pattern relate as in training, which does not show that the outcome does, and the plain predictor does not read the pattern ({position}).";
        if (!IsReadAnyway && shift.HasChangedModality)
            return $"Left out: {rows} rows show that the presence of a modality no longer relates to {what} as in training, and the plain predictor does not read the pattern ({position}).";
        if (shift.IsStronger)
            return $"Kept: {rows} rows show that {what} and missingness pattern relate as in training and more strongly, so that probabilities may be off: check their calibration ({position}).";
        if (shift.IsShownAsInTraining && !IsReadAnyway)
            return $"Kept: {rows} rows show that {what} and missingness pattern relate as in training ({position}).";
        if (shift.TellsLittle)
            return $"{verb}, though {rows} rows would hardly show even that {what} and missingness pattern no longer relate{why}: give more patients ({position}).";
        return IsReadAnyway
            ? $"Kept: {rows} rows do not show that {what} and missingness pattern relate otherwise than in training ({position})."
            : $"Left out: {rows} rows do not show plainly that {what} and missingness pattern relate as in training{why} ({position}).";
    }

    /// <summary>A position in words.</summary>
    internal static string Position(PatternShift shift) =>
        FormattableString.Invariant(
            $"position {shift.Position:f2}, standard error {shift.StandardError:f2}; 1 is as in training, 0 as under random patterns"
        );

    private static bool IsJudged(PatternShift shift, int rows) =>
        rows >= PatternShift.LeastPatients && !double.IsNaN(shift.Position);

    private static string NotJudged(PatternShift shift, int rows) =>
        rows < PatternShift.LeastPatients
            ? $"fewer than {PatternShift.LeastPatients} rows ({rows}) cannot show whether measuring has changed"
        : shift.IsTooNarrow
            ? $"the risk of these {rows} rows spreads too little to see by it whether measuring has changed"
        : "in training neither risk nor values relate to the missingness pattern plainly enough to see a change by";
}
