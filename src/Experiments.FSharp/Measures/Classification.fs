namespace CausalDebiasing.Bench.Measures

/// How rows at or above a threshold of risk compare with those below.
type Classification = {
    Threshold: float
    /// Share of events at or above the threshold.
    Sensitivity: Measured
    /// Share of rows without the event below it.
    Specificity: Measured
    /// Share of events among rows at or above it.
    PositivePredictiveValue: Measured
}

module Classification =
    /// The thresholds that are stated wherever classes are, fixed for all runs.
    let thresholds = [ 0.1; 0.2; 0.3; 0.5 ]

    /// The score interval of Wilson (J. Amer. Statist. Assoc. 22, 1927), with the number of rows that would be as precise if each were of a
    /// patient of its own (Korn and Graubard, Survey Methodology 24, 1998).
    let private wilson share effective =
        let z2 = Measured.z * Measured.z
        let centre = (share + z2 / (2. * effective)) / (1. + z2 / effective)

        let half =
            Measured.z / (1. + z2 / effective)
            * sqrt (share * (1. - share) / effective + z2 / (4. * effective * effective))

        {
            Value = share
            Low = max 0. (centre - half)
            High = min 1. (centre + half)
        }

    /// Share of the rows of a kind that are among the counted; undefined without rows of the kind.
    let private share (rows: JudgedRows) (isOfKind: int -> bool) (isCounted: int -> bool) =
        let all = [| 0 .. rows.Outcomes.Length - 1 |]
        let kind = all |> Array.filter isOfKind |> Array.length |> float

        if kind = 0. then
            Measured.undefined
        else
            let counted =
                all |> Array.filter (fun row -> isOfKind row && isCounted row) |> Array.length

            let share = float counted / kind

            let error =
                JudgedRows.errorOfSum rows (fun row ->
                    if isOfKind row then
                        ((if isCounted row then 1. else 0.) - share) / kind
                    else
                        0.)

            let effective =
                if error > 0. then
                    min kind (share * (1. - share) / (error * error))
                else
                    kind

            wilson share effective

    /// At one threshold.
    let at threshold (rows: JudgedRows) =
        let isEvent row = rows.Outcomes[row] > 0.5
        let isAbove row = rows.Probabilities[row] >= threshold

        {
            Threshold = threshold
            Sensitivity = share rows isEvent isAbove
            Specificity = share rows (isEvent >> not) (isAbove >> not)
            PositivePredictiveValue = share rows isAbove isEvent
        }
