namespace CausalDebiasing.Bench.Measures

/// Net benefit of treating whom a model puts at or above a threshold of risk, next to treating all; treating none has 0.
type NetBenefit = {
    /// The risk from which on one would treat, in (0, 1): its odds are what a needless treatment costs against a missed event.
    Threshold: float
    Model: Measured
    TreatAll: float
}

/// Decision curves: Vickers and Elkin, Medical Decision Making 26, 2006.
module NetBenefit =
    /// From 1 % in steps of 1 %.
    let thresholds = [ for percent in 1..99 -> float percent / 100. ]

    /// Of one row: 1 for a true positive, minus the odds of the threshold for a false one.
    let private contribution threshold (probability: float) (outcome: float) =
        if probability >= threshold then
            outcome - (1. - outcome) * threshold / (1. - threshold)
        else
            0.

    let private mean (rows: JudgedRows) (value: int -> float) =
        let count = float rows.Outcomes.Length

        let average = Seq.sumBy value (seq { 0 .. rows.Outcomes.Length - 1 }) / count

        JudgedRows.errorOfSum rows (fun row -> (value row - average) / count)
        |> Measured.ofError average

    /// At one threshold: true positives minus false positives times the odds of the threshold, for each row.
    let at threshold (rows: JudgedRows) = {
        Threshold = threshold
        Model = mean rows (fun row -> contribution threshold rows.Probabilities[row] rows.Outcomes[row])
        TreatAll = rows.Outcomes |> Array.averageBy (contribution threshold 1.)
    }

    /// Net benefit of the first predictions minus that of the second, of the same rows in the same order. Raises ArgumentException when
    /// outcomes differ.
    let difference threshold (first: JudgedRows) (second: JudgedRows) =
        if first.Outcomes <> second.Outcomes then
            invalidArg (nameof second) "Both must be predictions for the same rows."

        let own (rows: JudgedRows) row =
            contribution threshold rows.Probabilities[row] rows.Outcomes[row]

        mean first (fun row -> own first row - own second row)
