namespace CausalDebiasing.Bench.Reporting

open System
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence

/// The verdicts on the recommended options as a table.
module RegimeTable =
    /// Name, and whether it holds numbers.
    let columns = [
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

    let private met (verdict: RegimeVerdict) =
        match verdict.Verdict with
        | Supported -> "yes"
        | Contradicted -> "no"
        | Inconclusive when verdict.Difference.Count = 1 -> "open (one seed)"
        | Inconclusive -> "open"
        | NotTested -> "-"

    /// The cells of a verdict, one for each column.
    let row (verdict: RegimeVerdict) =
        let target, gap =
            match verdict.Regime.Target with
            | NoHarm -> "no harm", $"worst {NumberText.signed (snd verdict.WorstBaseline)}"
            | LossAtMost most ->
                $"-{NumberText.number most} or more", $"worst {NumberText.signed (snd verdict.WorstBaseline)}"
            | GapClosed least when Double.IsNaN verdict.Share -> NumberText.percent least, "no gap"
            | GapClosed least -> NumberText.percent least, NumberText.percent verdict.Share

        let pair (a, b) =
            $"{NumberText.number a} / {NumberText.number b}"

        [
            verdict.Regime.Name
            string verdict.Baselines
            string verdict.Seeds
            NumberText.number verdict.Plain
            NumberText.number verdict.Recommended
            NumberText.number verdict.Ceiling
            NumberText.interval verdict.Difference
            gap
            target
            met verdict
            pair verdict.Reversed
            pair verdict.Calibration
        ]

    /// What the columns mean.
    let note =
        "AUROC on the do test, means over baselines and seeds. Ceiling: the same models with the same augmentation, trained on data without bias. The interval is over the seeds that all baselines have, or else the most of them. No gap: plain is as good as the ceiling, up to what differs between seeds. Met: a share of the gap by the means; no harm and a bounded loss by the interval, and open where the mean is within the target but the interval is not, or one seed gives none."

    /// How many targets are met, missed, open or ask nothing.
    let summary (verdicts: RegimeVerdict list) =
        [
            Supported, "met"
            Contradicted, "missed"
            Inconclusive, "open"
            NotTested, "without a gap to close"
        ]
        |> List.choose (fun (own, word) ->
            match verdicts |> List.filter (fun verdict -> verdict.Verdict = own) |> List.length with
            | 0 -> None
            | count -> Some $"{count} {word}")
        |> String.concat ", "
        |> fun counts -> $"Targets: {counts}."

    /// As Markdown; empty when no regime was run.
    let markdown (verdicts: RegimeVerdict list) =
        if verdicts.IsEmpty then
            ""
        else
            MarkdownTable.write columns (List.map row verdicts) + $"\n{note}\n"
