namespace CausalDebiasing.Bench.Datasets

open System
open CausalDebiasing.Runtime

/// Refusals of tables: what is wrong, where, and what to do, in one line. No message repeats a cell.
module TableError =
    let private oneLine (name: string) =
        name |> String.map (fun letter -> if Char.IsControl letter then ' ' else letter)

    /// Raises InputException: file, what is wrong, what to do.
    let refuse (path: string) problem remedy =
        raise (InputException(oneLine $"{path}: {problem}; {remedy}."))

    /// Raises InputException for a line of the file, counted from 1.
    let refuseLine (path: string) (line: int) problem remedy =
        raise (InputException(oneLine $"{path}, line {line}: {problem}; {remedy}."))

    /// Raises InputException for a cell; rows count from 1 after the header.
    let refuseCell (path: string) (row: int) (column: string) problem remedy =
        raise (InputException(oneLine $"{path}, row {row}, column '{column}': {problem}; {remedy}."))
