namespace CausalDebiasing.Bench.Reporting

open System
open System.Globalization
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence

/// The verdicts on the recommended options as a table.
module RegimeTable =
    let private columns = [
        "regime", false
        "baselines", true
        "seeds", true
        Variant.name Variant.plain, true
        Variant.name Variant.recommended, true
        Variant.name Variant.ceiling, true
        "gain, 95 % interval", true
        "gap closed", true
        "target", true
        "met", false
        "reversed, recommended / ceiling", true
        "ECE, plain / recommended", true
    ]

    let private signed (value: float) =
        if Double.IsNaN value then
            "-"
        else
            (Math.Round(value, 3) + 0.).ToString("+0.000;-0.000;0.000", CultureInfo.InvariantCulture)

    let private row (verdict: RegimeVerdict) =
        let target, gap =
            match verdict.Regime.Target with
            | NoHarm -> "no harm", $"worst {signed (snd verdict.WorstBaseline)}"
            | LossAtMost most ->
                $"-{ConsoleTable.number most} or more", $"worst {signed (snd verdict.WorstBaseline)}"
            | GapClosed least when Double.IsNaN verdict.Share -> ConsoleTable.percent least, "no gap"
            | GapClosed least -> ConsoleTable.percent least, ConsoleTable.percent verdict.Share

        let pair (a, b) =
            $"{ConsoleTable.number a} / {ConsoleTable.number b}"

        [
            verdict.Regime.Name
            string verdict.Baselines
            string verdict.Seeds
            ConsoleTable.number verdict.Plain
            ConsoleTable.number verdict.Recommended
            ConsoleTable.number verdict.Ceiling
            $"{signed verdict.Difference.Mean} [{signed verdict.Difference.Low}, {signed verdict.Difference.High}]"
            gap
            target
            (if gap = "no gap" then "-"
             elif verdict.IsMet then "yes"
             else "no")
            pair verdict.Reversed
            pair verdict.Calibration
        ]

    /// As Markdown; empty when no regime was run.
    let markdown (verdicts: RegimeVerdict list) =
        if verdicts.IsEmpty then
            ""
        else
            MarkdownTable.write columns (List.map row verdicts)
            + "\nAUROC on the do test, means over baselines and seeds. Ceiling: the same models with the same augmentation, trained on data without bias. The interval is over the seeds that all baselines have, or else the most of them. No gap: plain is as good as the ceiling, up to what differs between seeds.\n"
