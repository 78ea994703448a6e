namespace CausalDebiasing.Bench.Reporting

open System
open CausalDebiasing.Bench.Evidence
open Giraffe.ViewEngine

/// What every section of the report is made of: style sheet, number formats, tables and the reader's guide.
module ReportParts =
    /// Style sheet for screens of any width and for print.
    let style =
        """
:root{color-scheme:light}
body{font:16px/1.5 system-ui,"DejaVu Sans",sans-serif;color:#1a1a1a;background:#fff;margin:0 auto;max-width:1200px;padding:1rem}
h1{font-size:1.7rem;margin:.2em 0}h2{font-size:1.3rem;margin:2em 0 .5em;border-bottom:2px solid #0072b2}
h3{font-size:1.05rem;margin:1.4em 0 .3em}
.scroll{overflow-x:auto}table{border-collapse:collapse;font-size:.88rem;margin:.5em 0}
th,td{padding:.3em .7em;border-bottom:1px solid #ddd;text-align:left;vertical-align:top}
th{background:#f3f6f8}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
figure{margin:1.2em 0}img{max-width:100%;height:auto;border:1px solid #e5e5e5}figcaption{font-size:.88rem;color:#444}
.badge{display:inline-block;padding:.05em .6em;border-radius:1em;color:#fff;font-size:.85rem;white-space:nowrap}
.supported{background:#00704f}.contradicted{background:#b34700}.inconclusive{background:#5c5c5c}.not-tested{background:#fff;color:#444;border:1px dashed #777}
.claim{margin:.7em 0;padding-left:.8em;border-left:3px solid #ddd}.claim p{margin:.1em 0}.small{font-size:.85rem;color:#444}
nav a{margin-right:1em}dt{font-weight:600}dd{margin:0 0 .6em}
@media print{body{max-width:none;font-size:11pt}nav{display:none}.scroll{overflow:visible}figure,.claim,tr{break-inside:avoid}.badge{color:#000;border:1px solid #000;background:none}}
"""

    /// Three decimals, or a dash.
    let number = ConsoleTable.number

    /// Three decimals with sign, or a dash.
    let signed (value: float) =
        if Double.IsNaN value then
            "-"
        else
            value.ToString("+0.000;-0.000;0.000", Globalization.CultureInfo.InvariantCulture)

    /// A p-value, or a dash.
    let pValue (p: float) =
        if Double.IsNaN p then "-"
        elif p < 0.001 then "< 0.001"
        else number p

    /// A difference with its interval.
    let interval (estimate: Estimate) =
        if Double.IsNaN estimate.Low then
            signed estimate.Mean
        else
            $"{signed estimate.Mean} [{signed estimate.Low}, {signed estimate.High}]"

    /// A section with a heading that the navigation points to.
    let section id title content =
        section [ _id id ] (h2 [] [ str title ] :: content)

    /// A table that scrolls on narrow screens; columns as (title, is a number).
    let dataTable (columns: (string * bool) list) (rows: string list list) =
        let kind isNumber = if isNumber then [ _class "n" ] else []

        div [ _class "scroll" ] [
            table [] [
                thead [] [ tr [] [ for name, isNumber in columns -> th (kind isNumber) [ str name ] ] ]
                tbody [] [
                    for row in rows ->
                        tr
                            []
                            (List.map2 (fun (_, isNumber) cell -> td (kind isNumber) [ str cell ]) columns row)
                ]
            ]
        ]

    /// Columns of text.
    let texts (names: string list) =
        names |> List.map (fun name -> name, false)

    /// Columns of numbers.
    let numbers (names: string list) =
        names |> List.map (fun name -> name, true)

    /// Explains conditions, estimands, variants, intervals and limits.
    let howToRead =
        let entries = [
            "Test conditions",
            "id: as in training. do: the confounder is cut off and modalities are missing completely at random. reversed: the biases of training have the opposite sign. site:NAME: patients of one site."
            "Two estimands",
            "AUROC, AUPRC, Brier score, log loss and ECE judge predictions on a shifted test set. Do-risk, the mean of |p - P(y | do x)|, judges closeness to the interventional truth where a world knows it. A method can win one and lose the other: where the outcome truly depends on what was measured, ignoring that is right for do-risk and costs AUROC."
            "plain, paper, recommended, ceiling",
            "plain: the baseline as published. paper: wrapped with our reconstruction of the published framework (the authors' code is not public). recommended: wrapped with the options that this evidence supports. ceiling: the plain model trained on data without bias. ceiling-augmented: the same with the recommended variant's augmentation. oracle: the Bayes-optimal probability under the test distribution."
            "Gap closed",
            "(recommended - plain) / (ceiling - plain), as a ratio of means, ceiling-augmented being the ceiling where it ran: what augmentation earns without any bias then closes no gap. Left out where the ceiling is not at least 0.005 above plain, as in distribution, where bias helps."
            "Intervals and tests",
            "The seed is the unit of replication: it decides world, split, mask and initialisation, and all methods see the same draw. Intervals are 95 % t-intervals over seeds; differences are paired by seed; p-values are two-sided paired t-tests, adjusted by Holm over baselines. Averages over baselines or settings are taken within each seed first. Units that lack a seed are left out of averages. The section on recorded data corrects for training sets that overlap, and says how."
            "What this cannot say",
            "Synthetic worlds show what happens under their assumptions. Results on recorded data are associations under natural or imposed missingness, not causal effects."
        ]

        section "reading" "How to read" [
            dl [] [
                for term, text in entries do
                    dt [] [ str term ]
                    dd [] [ str text ]
            ]
        ]
