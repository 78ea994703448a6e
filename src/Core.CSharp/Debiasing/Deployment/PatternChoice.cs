namespace CausalDebiasing.Debiasing;

/// <summary>Whether predictions keep what patterns tell, by how a deployment relates risk and pattern.</summary>
internal static class PatternChoice
{
    /// <summary>Why predictions for rows are as they are before a deployment was decided on.</summary>
    internal static string Undecided(PatternShift? shift, PatternUse use, int rows) =>
        shift is null || use == PatternUse.Interventional
            ? Reason(shift, use, rows)
            : $"{Reason(shift, use, rows)} That is of these rows alone: {nameof(DebiasedPredictor.DeployTo)} decides it once for all.";

    /// <summary>The choice: what training learnt is kept unless the rows, and enough of them, show that it has changed.</summary>
    /// <param name="shift">Null where patterns are not adjusted for.</param>
    /// <param name="use">What the options ask for.</param>
    /// <param name="rows">Number of rows that were compared.</param>
    internal static PatternPart Part(PatternShift? shift, PatternUse use, int rows) =>
        shift is null ? PatternPart.NotSeparated
        : use == PatternUse.Interventional ? PatternPart.LeftOut
        : rows < PatternShift.LeastPatients || double.IsNaN(shift.Position) || shift.IsAsInTraining
            ? PatternPart.Kept
        : PatternPart.LeftOut;

    /// <summary>One sentence on a choice.</summary>
    internal static string Reason(PatternShift? shift, PatternUse use, int rows) =>
        Reason(shift, use, rows, Part(shift, use, rows));

    private static string Reason(PatternShift? shift, PatternUse use, int rows, PatternPart part) =>
        (part, use) switch
        {
            (PatternPart.NotSeparated, _) =>
                "The options do not take what missingness patterns tell apart from the rest.",
            (_, PatternUse.Interventional) =>
                $"Left out, as the options ask ({nameof(DebiasOptions)}.{nameof(DebiasOptions.Patterns)}).",
            _ when rows < PatternShift.LeastPatients =>
                $"Kept: fewer than {PatternShift.LeastPatients} rows ({rows}) cannot show whether measuring has changed.",
            _ when shift!.IsTooNarrow =>
                $"Kept: the risk of these {rows} rows spreads too little to see by it whether measuring has changed.",
            _ when double.IsNaN(shift.Position) =>
                "Kept: in training neither risk nor values relate to the missingness pattern plainly enough to see a change by.",
            (PatternPart.Kept, _) when shift.TellsLittle =>
                $"Kept, though {rows} rows would hardly show even that {What(shift)} and missingness pattern no longer relate: give more patients ({Position(shift)}).",
            (PatternPart.Kept, _) =>
                $"Kept: {rows} rows do not show that {What(shift)} and missingness pattern relate otherwise than in training ({Position(shift)}).",
            _ =>
                $"Left out: {What(shift)} and missingness pattern do not relate as in training ({Position(shift)}).",
        };

    private static string What(PatternShift shift) => shift.IsByPresence ? "values" : "risk";

    /// <summary>A position in words.</summary>
    internal static string Position(PatternShift shift) =>
        FormattableString.Invariant(
            $"position {shift.Position:f2}, standard error {shift.StandardError:f2}; 1 is as in training, 0 as under random patterns"
        );
}
