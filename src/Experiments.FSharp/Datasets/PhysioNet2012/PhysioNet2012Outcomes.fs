namespace CausalDebiasing.Bench.Datasets

open System
open System.Globalization
open System.IO
open CausalDebiasing.Runtime

/// Outcome of one record.
type ChallengeOutcome = {
    /// 1-based line of the outcome file.
    Line: int
    /// Died in hospital; None when unknown (-1).
    Death: bool option
}

/// Reader of Outcomes-x.txt; of its columns only RecordID and In-hospital_death are used.
module PhysioNet2012Outcomes =
    let private idColumn = "RecordID"
    let private deathColumn = "In-hospital_death"

    /// Outcomes by record number. Raises InputException with file, line and column for a row that is not in the
    /// format, an outcome that is not 0, 1 or -1, or a record that occurs twice.
    let parse (name: string) (text: string) : Map<int64, ChallengeOutcome> =
        let bad line column problem remedy =
            raise (InputException $"{name}, line {line}, column '{column}': {problem}; {remedy}.")

        let lines = text.Split '\n' |> Array.map _.TrimEnd('\r')
        let columns = lines[0].Split ','

        let position column =
            match Array.IndexOf(columns, column) with
            | -1 -> bad 1 column "the header lacks this column" "restore the official file"
            | i -> i

        let id, death = position idColumn, position deathColumn

        let add outcomes (i, row: string) =
            let line = i + 1
            let cells = row.Split ','

            if cells.Length <> columns.Length then
                bad
                    line
                    idColumn
                    $"the row has {cells.Length} columns, not {columns.Length}"
                    "restore the official file"

            let record =
                match Int64.TryParse(cells[id], NumberStyles.None, CultureInfo.InvariantCulture) with
                | true, record -> record
                | _ -> bad line idColumn "this is no record number" "restore the official file"

            let outcome =
                match cells[death].Trim() with
                | "0" -> Some false
                | "1" -> Some true
                | "-1" -> None
                | _ -> bad line deathColumn "the outcome is not 0, 1 or -1 (unknown)" "correct the row"

            if Map.containsKey record outcomes then
                bad line idColumn "the record occurs twice" "remove one of the rows"

            Map.add record { Line = line; Death = outcome } outcomes

        lines
        |> Array.indexed
        |> Array.skip 1
        |> Array.filter (fun (_, row) -> row <> "")
        |> Array.fold add Map.empty
