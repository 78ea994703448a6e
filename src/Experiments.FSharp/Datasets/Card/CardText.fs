namespace CausalDebiasing.Bench.Datasets

open System

/// A cohort's card as lines and tables for whoever prints or saves it.
type CardText = {
    Lines: string list
    /// Column names and rows.
    Tables: (string list * string list list) list
}

module CardText =
    let private percent (share: float) =
        if Double.IsNaN share then "-" else $"{100. * share:F1} %%"

    let private exclusions (card: CohortCard) =
        let read = card.Rows + (card.Exclusions |> List.sumBy _.Rows)

        let lines, _ =
            (read, card.Exclusions)
            ||> List.mapFold (fun left exclusion ->
                let left = left - exclusion.Rows
                $"{left} after {exclusion.Rows} were left out: {exclusion.Reason}", left)

        $"{read} rows read" :: lines

    let private folderless (absent: string) =
        match absent.IndexOf(" is not in ", StringComparison.Ordinal) with
        | -1 -> absent
        | at -> absent[.. at - 1] + " is not there"

    /// Parts of the split from which numbers say little. Event rates that are not published are those of few events.
    let private caveats (card: CohortCard) = [
        for part in card.Parts do
            let others = float part.Rows * (1. - part.Prevalence)

            let caveat =
                if part.Rows = 0 then
                    Some "no row"
                elif part.Prevalence = 0. || part.Prevalence = 1. then
                    Some "one outcome class"
                elif Double.IsNaN part.Prevalence then
                    Some $"fewer than {CohortCard.smallestCell} events"
                elif others < float CohortCard.smallestCell - 0.5 then
                    Some $"fewer than {CohortCard.smallestCell} rows without the event"
                else
                    None

            match caveat with
            | Some caveat -> $"caveat: the {part.Part} part has {caveat}, so that numbers from it say little"
            | None -> ()
    ]

    /// The card, which should be what `CohortCard.publish` gives.
    let ofCard (card: CohortCard) = {
        Lines = [
            yield! exclusions card
            for absent in card.Absent do
                yield $"absent: {folderless absent}"
            if card.ImplausibleValues > 0 then
                yield $"{card.ImplausibleValues} implausible values were set missing"
            yield
                $"{card.Patients} patients, {card.Rows} rows, {card.Events} events; the missingness pattern alone has AUROC {card.MaskAuroc:F3}"
            yield! caveats card
        ]
        Tables = [
            [ "site"; "patients"; "rows"; "events" ],
            [
                for site in card.Sites ->
                    [ site.Site; string site.Patients; string site.Rows; percent site.Prevalence ]
            ]
            [ "part"; "patients"; "rows"; "events" ],
            [
                for part in card.Parts ->
                    [ part.Part; string part.Patients; string part.Rows; percent part.Prevalence ]
            ]
            [ "modality"; "missing"; "events if observed"; "events if missing" ],
            [
                for modality in card.Modalities ->
                    [
                        modality.Modality
                        percent modality.MissingRate
                        percent modality.PrevalenceObserved
                        percent modality.PrevalenceMissing
                    ]
            ]
        ]
    }

    let private row cells =
        "| " + String.concat " | " (List.map MarkdownText.escape cells) + " |"

    /// As Markdown.
    let markdown title (card: CohortCard) =
        let text = ofCard card

        [
            yield! [ $"# {MarkdownText.escape card.Dataset}"; ""; MarkdownText.escape title; "" ]
            yield! text.Lines |> List.map (MarkdownText.escape >> (+) "- ")
            for columns, rows in text.Tables do
                yield! [ ""; row columns; row (columns |> List.map (fun _ -> "---")) ]
                yield! List.map row rows
            yield ""
        ]
        |> String.concat "\n"
