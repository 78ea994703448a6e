namespace CausalDebiasing.Bench.Reporting

open System
open CausalDebiasing.Bench.Evidence

/// What a run says, in sentences that need no statistics to be read; made from its judgements and gains alone.
module PlainWords =
    let private count number singular plural =
        if number = 1 then $"1 {singular}" else $"{number} {plural}"

    let private listed (names: string list) =
        match List.rev names with
        | [] -> ""
        | [ one ] -> one
        | last :: others -> String.Join(", ", List.rev others) + " and " + last

    let private isAbove (row: GainRow) = row.Gain.Low > 0.
    let private isBelow (row: GainRow) = row.Gain.High < 0.

    let private withInterval (estimate: Estimate) =
        if Double.IsNaN estimate.Low then
            $"{NumberText.signed estimate.Mean} (no interval)"
        else
            $"{NumberText.signed estimate.Mean} (95 %% interval {NumberText.signed estimate.Low} to {NumberText.signed estimate.High})"

    let private place (row: GainRow) =
        if row.Label = "" then
            row.Dataset
        else
            $"{row.Dataset} ({row.Label})"

    let private recorded (rows: GainRow list) =
        rows |> List.filter (fun row -> row.IsRecorded && not row.IsPart)

    let private drawn (rows: GainRow list) =
        rows |> List.filter (fun row -> not row.IsRecorded)

    let private shown = 3

    let private recordedSentence rows = [
        match recorded rows with
        | [] -> ()
        | own ->
            let changes =
                own
                |> List.truncate shown
                |> List.map (fun row -> $"on {place row} by {withInterval row.Gain}")

            let others =
                if own.Length > shown then
                    $"; {own.Length - shown} more comparisons are below"
                else
                    ""

            $"On recorded data, wrapping a model as recommended changes its AUROC {listed changes}{others}."
    ]

    let private drawnSentence rows = [
        match drawn rows with
        | [] -> ()
        | own ->
            let above, below =
                own |> List.filter isAbove |> List.length, own |> List.filter isBelow |> List.length

            let tested =
                if own |> List.forall (fun row -> row.Condition = "do") then
                    "tested with the biases of training taken out (do test)"
                else
                    "tested as the plot says"

            $"""In {count own.Length "simulated or altered setting" "simulated or altered settings"}, {tested}, wrapped models are clearly better in {above}, clearly worse in {below}, and not clearly different in {own.Length - above - below}."""
    ]

    let private quoted (judgements: Judgement list) =
        judgements
        |> List.truncate shown
        |> List.map (fun judgement ->
            let effect =
                match judgement.Finding with
                | Some finding -> $" ({NumberText.signed finding.Estimate})"
                | None -> ""

            $"\u201c{judgement.Claim.Hypothesis.TrimEnd '.'}\u201d{effect}")
        |> listed

    let private claimSentences (judgements: Judgement list) =
        let of' verdict =
            judgements |> List.filter (fun judgement -> judgement.Verdict = verdict)

        let supported, contradicted, open' =
            of' Supported, of' Contradicted, of' Inconclusive

        let judged = supported.Length + contradicted.Length + open'.Length

        let named word (judgements: Judgement list) =
            let examples = if judgements.Length > shown then ", among them " else ": "

            $"{judgements.Length} {word}{examples}{quoted judgements}"

        match judged with
        | 0 -> [ "None of the suite's claims is about what was run." ]
        | _ -> [
            let parts = [
                if not supported.IsEmpty then
                    named "supported" supported
                if not contradicted.IsEmpty then
                    named "contradicted" contradicted
                if not open'.IsEmpty then
                    $"{open'.Length} left open by too few or too varied seeds"
            ]

            $"""Of {count judged "claim" "claims"} about these settings: {String.Join("; ", parts)}."""
          ]

    /// One paragraph.
    let summary judgements rows =
        recordedSentence rows @ drawnSentence rows @ claimSentences judgements
        |> String.concat " "

    let private ofRecorded (row: GainRow) =
        let gain = row.Gain

        let advice =
            if isAbove row then
                "wrap as recommended: AUROC gains"
            elif isBelow row then
                "keep the plain model: wrapping costs AUROC"
            elif gain.Low > -ClaimCatalog.harmMargin then
                $"either: wrapping costs no more than {NumberText.number ClaimCatalog.harmMargin} of AUROC"
            elif Double.IsNaN gain.Low then
                "undecided: one test set has no interval"
            else
                "undecided: the interval holds gains and losses; more folds, sites or patients would narrow it"

        $"{place row}: {advice}, {withInterval gain}."

    let private ofDrawn rows = [
        match drawn rows with
        | [] -> ()
        | own ->
            let losses = own |> List.filter isBelow |> List.map place

            if not losses.IsEmpty then
                $"Do not wrap without a look at your own data: it clearly loses in {listed (List.truncate shown losses)}."
            elif List.exists isAbove own then
                "Wrap where you suspect that what is measured, or how, depends on the outcome or the site: it clearly gains in settings like these and clearly loses in none."
            else
                "Undecided: no setting shows a clear gain or loss; more seeds would narrow the intervals."

            if (recorded rows).IsEmpty then
                "All settings here are simulated or altered on purpose; your own data may differ: run reproduce --dataset with them."
    ]

    /// What follows for a user, a sentence each; calibration and other metrics are not part of it.
    let recommendations rows =
        match List.map ofRecorded (recorded rows) @ ofDrawn rows with
        | [] -> [ "None: no model was run both plain and wrapped as recommended." ]
        | found -> found
