namespace CausalDebiasing.Bench.Datasets

open System
open System.Globalization

/// Cells that hold a vector, as DuckDB and Python write lists: [0.1, -2.5, 3], with commas or blanks between the numbers.
module VectorCell =
    let private marks = [| ','; ' '; '\t'; '\n'; '\r' |]

    let private isList (text: string) =
        text.StartsWith '[' && text.EndsWith ']'

    let private entries (text: string) =
        text.Substring(1, text.Length - 2).Split(marks, StringSplitOptions.RemoveEmptyEntries)

    let private tryEntry (text: string) =
        match Single.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture) with
        | true, value when Single.IsFinite value -> Some value
        | _ -> None

    /// The length of the vector; None where the text is no list of finite numbers.
    let tryLength (text: string) =
        if isList text then
            let entries = entries text

            if Array.forall (tryEntry >> Option.isSome) entries then
                Some entries.Length
            else
                None
        else
            None

    let private refuse (place: CellPlace) problem remedy =
        TableError.refuseCell place.File place.Row place.Column problem remedy

    let private listed place text =
        if not (isList text) then
            refuse
                place
                "the cell is no vector"
                "write vectors as [0.1, 0.2], or as a list column of Parquet; leave the cell empty where there is none"

        entries text

    /// How many entries the vector has. Raises InputException for text that is no list, and for an empty one.
    let length place text =
        match (listed place text).Length with
        | 0 -> refuse place "the vector is empty" "leave the cell empty where there is none"
        | length -> length

    /// The vector. Raises InputException for text that is no list, another length, and an entry that is no finite number.
    let read place length text : float32[] =
        let entries = listed place text

        if entries.Length <> length then
            refuse
                place
                $"the vector has {entries.Length} numbers and not {length}"
                "make all vectors of the column as long as the manifest says, or as the first is"

        entries
        |> Array.mapi (fun i entry ->
            match tryEntry entry with
            | Some value -> value
            | None ->
                refuse
                    place
                    $"entry {i} (from 0) of the vector is no finite number"
                    "correct it; leave the whole cell empty where there is no vector")
