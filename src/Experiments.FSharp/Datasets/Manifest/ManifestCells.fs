namespace CausalDebiasing.Bench.Datasets

open System
open System.Globalization
open System.Text.RegularExpressions

/// Where a cell stands, for messages.
type CellPlace = {
    File: string
    Row: int
    Column: string
}

/// The meaning of cells: numbers and parts.
module ManifestCells =
    let private refuse place problem remedy =
        TableError.refuseCell place.File place.Row place.Column problem remedy

    /// The number that text writes with the decimal mark '.' or ','; it may be infinite or not a number.
    let tryNumber (decimalMark: char) (text: string) =
        let invariant =
            if decimalMark = '.' then text
            elif text.Contains '.' then ""
            else text.Replace(decimalMark, '.')

        match Double.TryParse(invariant, NumberStyles.Float, CultureInfo.InvariantCulture) with
        | true, value -> Some value
        | _ -> None

    let private decimalComma =
        Regex(@"^[+-]?\d*,(\d{1,2}|\d{4,})$", RegexOptions.Compiled)

    let private otherMarks = Regex(@"^[+-]?\d[\d.,' ]*$", RegexOptions.Compiled)

    let private refuseNumber place decimalMark (text: string) =
        if decimalMark = '.' && decimalComma.IsMatch text then
            refuse
                place
                "the cell has a decimal comma"
                "set 'decimal' of the column or of the manifest to \",\""
        elif otherMarks.IsMatch text then
            refuse
                place
                $"the cell is not a number whose decimal mark is '{decimalMark}'"
                "remove marks that separate thousands, or say by 'decimal' if it is the decimal mark that differs"
        else
            refuse
                place
                "the cell is not a number"
                "correct it, list it under 'missing', or make the column categorical"

    /// A finite number; also true and false, as 1 and 0. Raises InputException.
    let number place decimalMark (text: string) =
        match tryNumber decimalMark text, text.ToLowerInvariant() with
        | Some value, _ when Double.IsFinite(value) && abs value < 1e38 -> float32 value
        | _, "true" -> 1f
        | _, "false" -> 0f
        | _ -> refuseNumber place decimalMark text

    /// A number of an official file, with a decimal point; NaN for an empty cell. Raises InputException.
    let official path row column (cell: string | null) =
        match cell with
        | null -> nanf
        | text ->
            number
                {
                    File = path
                    Row = row
                    Column = column
                }
                '.'
                text

    /// The part that a split column names: 0 training, 1 validation, 2 test. Raises InputException.
    let part place (cell: string option) =
        match cell |> Option.map _.ToLowerInvariant() with
        | Some("train" | "training") -> 0
        | Some("val" | "valid" | "validation") -> 1
        | Some "test" -> 2
        | _ -> refuse place "the cell is none of train, validation and test" "correct it"
