namespace CausalDebiasing.Bench.Datasets

open System.Collections.Generic

/// Codes that mean missing; an empty cell always does.
type MissingCodes(codes: string seq) =
    let texts = HashSet(Seq.map CodeText.canonical codes)
    let numbers = HashSet(codes |> Seq.choose (ManifestCells.tryNumber '.'))

    /// The cell without codes.
    member _.Known(cell: string | null) =
        match cell with
        | null -> None
        | text when texts.Contains(CodeText.canonical text) -> None
        | text -> Some text

    /// The cell of a column of numbers without codes: -9.00 is the code -9.
    member codes.KnownNumber(decimalMark, cell: string | null) =
        match codes.Known cell with
        | Some text when numbers.Count > 0 ->
            match ManifestCells.tryNumber decimalMark text with
            | Some value when numbers.Contains value -> None
            | _ -> Some text
        | known -> known
