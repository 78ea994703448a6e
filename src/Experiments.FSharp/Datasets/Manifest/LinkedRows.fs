namespace CausalDebiasing.Bench.Datasets

open System.Collections.Generic
open CausalDebiasing.Runtime

/// Rows of linked files and the rows of the manifest's files that they belong to.
module LinkedRows =
    /// Rows by id. Raises InputException for an id of two rows.
    let private positions where (table: ManifestTable) column =
        let positions = Dictionary<string, int>()

        table.Links[column]
        |> Array.iteri (fun row id ->
            match id with
            | Some id when not (positions.TryAdd(id, row)) ->
                raise (
                    InputException
                        $"{where}: an id in column '{column}' is at two sites, so that linked files do not say which is meant; give ids that are unique over all files."
                )
            | _ -> ())

        positions

    /// Visits the rows of a linked table that belong to a row: the place of a column's cell, the row, and the cells, null
    /// where missing. Raises InputException when none does.
    let iterate
        where
        (manifest: Manifest)
        table
        path
        (linked: LinkedTable)
        (columns: string list)
        (visit: (string -> CellPlace) -> int -> (string | null)[] -> unit)
        =
        let own = Option.defaultValue "" manifest.Id
        let idColumn = Option.defaultValue own linked.Id
        let positions = positions where table own
        let missing = Manifest.missing manifest own
        let mutable matched = false

        TableFile.iterate path (idColumn :: columns) (fun row cells ->
            let place column = {
                File = path
                Row = row
                Column = column
            }

            match cells[0] with
            | null ->
                TableError.refuseCell path row idColumn "the id is missing" "fill it in or remove the row"
            | id ->
                match positions.TryGetValue(CodeText.canonical id) with
                | true, position ->
                    matched <- true

                    let known = cells[1..] |> Array.map (fun cell -> missing.Known cell |> Option.toObj)

                    visit place position known
                | _ -> ())

        if not matched then
            TableError.refuse
                path
                $"no id in column '{idColumn}' is one of column '{own}' of the manifest's files"
                "name the right columns by 'id', and write ids alike in both"
