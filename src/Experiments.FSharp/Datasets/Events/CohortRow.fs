namespace CausalDebiasing.Bench.Datasets

open System

/// A row of a cohort before its events are read.
type CohortRow = {
    Key: CohortKey
    Patient: string
    Site: string
    Outcome: bool
    Demographics: float32[]
    /// Of two periods, the later one.
    Later: bool
}

/// Reading of cells, and the steps by which rows are left out.
module CohortRow =
    /// Moments as the official tables write them. Raises InputException.
    let moment path row column (cell: string | null) =
        match cell with
        | null -> None
        | text ->
            match IsoMoment.tryParse text with
            | Some moment -> Some moment
            | None ->
                TableError.refuseCell
                    path
                    row
                    column
                    "the cell is no date and time"
                    "write it as 2024-12-31 23:59:00"

    /// A cell that must not be empty. Raises InputException.
    let required path row column value =
        match value with
        | Some value -> value
        | None -> TableError.refuseCell path row column "the cell is missing" "restore the official file"

    /// Whole numbers; None for an empty cell. Raises InputException.
    let whole path row column (cell: string | null) =
        match cell with
        | null -> None
        | text -> Some(YaibFiles.id path row column text)

    /// One indicator per category; all 0 for other values.
    let indicators (categories: string list) (cell: string | null) = [|
        for category in categories -> if String.Equals(cell, category) then 1f else 0f
    |]

    /// Applies the steps in order: rows that a step's test holds for are left out and counted.
    let exclude (steps: (string * ('row -> bool)) list) (rows: 'row[]) =
        (([], rows), steps)
        ||> List.fold (fun (exclusions, rows) (reason, test) ->
            let kept = rows |> Array.filter (test >> not)

            {
                Reason = reason
                Rows = rows.Length - kept.Length
            }
            :: exclusions,
            kept)
        |> fun (exclusions, rows) -> List.rev exclusions, rows

    /// Share of rows with dates out of order up to which they are left out as known errors of a database.
    let tolerated = 0.01

    /// Raises InputException when more than one row in a hundred has its dates out of order.
    let checkOrder path column (numbered: (int * bool) seq) =
        let numbered = Array.ofSeq numbered

        match numbered |> Array.filter snd with
        | [||] -> ()
        | wrong when float wrong.Length > tolerated * float numbered.Length ->
            TableError.refuseCell
                path
                (fst wrong[0])
                column
                $"the discharge is before the admission, as in {wrong.Length} rows of {numbered.Length}"
                "restore the official file"
        | _ -> ()
