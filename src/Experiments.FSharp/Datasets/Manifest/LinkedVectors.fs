namespace CausalDebiasing.Bench.Datasets

open System
open System.Collections.Generic
open CausalDebiasing.Cohorts

/// Vectors, one per row, of a linked file.
module LinkedVectors =
    let private block name width (vectors: float32[] option[]) = {
        Modality = Modality.Tabular(name, width)
        Values = vectors |> Array.collect (Option.defaultWith (fun () -> Array.zeroCreate width))
        Observed = Array.map Option.isSome vectors
        Implausible = 0
    }

    /// Of a table with a column of vectors; an absent row and an empty cell mean missing. Raises InputException.
    let ofTable where manifest (table: ManifestTable) path linked column name =
        let vectors = Array.create table.Rows.Length None
        let seen = HashSet<int>()
        let mutable width = 0

        LinkedRows.iterate where manifest table path linked [ column ] (fun place row cells ->
            if not (seen.Add row) then
                let place = place column

                TableError.refuseCell
                    path
                    place.Row
                    column
                    "the id has a vector before"
                    "keep one of the rows"

            match cells[0] with
            | null -> ()
            | text ->
                if width = 0 then
                    width <- VectorCell.length (place column) text

                vectors[row] <- Some(VectorCell.read (place column) width text))

        block name (max 1 width) vectors

    /// The row of the array, None where all of it is NaN.
    let private known path row (vector: float32[]) =
        if Array.forall Single.IsNaN vector then
            None
        else
            match Array.tryFindIndex (Single.IsFinite >> not) vector with
            | Some entry ->
                TableError.refuse
                    path
                    $"entry {entry} of row {row} (both from 0) is no finite number"
                    "correct it; fill the whole row with NaN where there is no vector"
            | None -> Some vector

    let private rowNumber (place: CellPlace) count (cell: string) =
        match Int32.TryParse cell with
        | true, row when row >= 0 && row < count -> row
        | _ ->
            TableError.refuseCell
                place.File
                place.Row
                place.Column
                $"the cell is no row of the array, from 0 to {count - 1}"
                "correct it, or leave it empty where there is no vector"

    /// Of a .npy file; a row of NaN and an empty cell of the column `linked.Row` mean missing. Raises InputException.
    let ofArray (table: ManifestTable) path (linked: LinkedTable) name =
        TableFile.guarded path (fun () ->
            use file = new NpyFile(path)
            let read row = file.Row row |> known path row

            let vectors =
                match linked.Row with
                | Some column ->
                    table.Links[column]
                    |> Array.mapi (fun i cell ->
                        let place = {
                            table.Rows[i].Place with
                                Column = column
                        }

                        cell |> Option.bind (rowNumber place file.Rows >> read))
                | None when file.Rows = table.Rows.Length -> Array.init file.Rows read
                | None ->
                    TableError.refuse
                        path
                        $"the array has {file.Rows} rows and the manifest's files have {table.Rows.Length}"
                        "save a row for each, or name a column with the array's row by 'row'"

            block name file.Width vectors)
