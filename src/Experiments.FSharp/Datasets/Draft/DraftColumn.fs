namespace CausalDebiasing.Bench.Datasets

open System
open System.Collections.Generic
open System.Text.RegularExpressions

/// What the known cells of a column are.
type DraftContent =
    /// Numbers with this decimal mark.
    | Numbers of decimalMark: char
    /// Numbers with commas of which it cannot be told whether they separate thousands.
    | UnclearNumbers
    | Dates
    /// Vectors of this length.
    | Vectors of length: int
    /// Words, the most frequent first, with the number of rows.
    | FewWords of (string * int) list
    | ManyWords
    /// Fewer than two different values.
    | Constant

/// A column of a table for which a manifest is drafted.
type DraftColumn(name: string, cells: (string | null)[]) =
    static let missingWords =
        HashSet [ "?"; "NA"; "N/A"; "NaN"; "nan"; "null"; "NULL"; "None"; "." ]

    static let commaNumber = Regex(@"^[+-]?(\d+),(\d+)$", RegexOptions.Compiled)

    static let date =
        Regex(@"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([T ]\d{1,2}:\d{2}.*)?$", RegexOptions.Compiled)

    let known =
        cells
        |> Array.map (fun cell ->
            match cell with
            | null -> None
            | text when missingWords.Contains text -> None
            | text -> Some text)

    let present = Array.choose id known

    let counts =
        present
        |> Array.countBy CodeText.canonical
        |> Array.sortWith (fun (a, n) (b, m) ->
            match compare m n with
            | 0 -> String.CompareOrdinal(a, b)
            | byCount -> byCount)

    let areAll (test: string -> bool) = Array.forall test present

    let isNumber mark text =
        ManifestCells.tryNumber mark text |> Option.exists Double.IsFinite

    let separatesDecimals (text: string) =
        let found = commaNumber.Match text
        let whole, rest = found.Groups[1].Value, found.Groups[2].Value

        found.Success && (rest.Length <> 3 || whole.Length > 3 || whole.StartsWith '0')

    let numbers =
        if areAll (isNumber '.') then
            Some(Numbers '.')
        elif areAll (isNumber ',') then
            Some(
                if Array.exists separatesDecimals present then
                    Numbers ','
                else
                    UnclearNumbers
            )
        elif areAll (fun text -> isNumber '.' (text.Replace(",", ""))) then
            Some UnclearNumbers
        else
            None

    let vectorLength =
        match Array.tryHead present |> Option.bind VectorCell.tryLength with
        | Some length when areAll (fun text -> VectorCell.tryLength text = Some length) -> Some length
        | _ -> None

    let content =
        if counts.Length < 2 then
            Constant
        elif vectorLength.IsSome then
            Vectors vectorLength.Value
        else
            match numbers with
            | Some numbers -> numbers
            | None when areAll date.IsMatch -> Dates
            | None when counts.Length <= DraftColumn.MostWords -> FewWords(List.ofArray counts)
            | None -> ManyWords

    let isWhole (text: string) =
        Regex.IsMatch(CodeText.canonical text, @"^[+-]?\d{1,28}$")

    let wholeNumbers = lazy (present |> Array.map (CodeText.canonical >> Decimal.Parse))

    let isMonotone compare =
        wholeNumbers.Value |> Array.pairwise |> Array.forall compare

    /// Fewer rows may be in an order, or without a repetition, by chance.
    let fewestInOrder, fewestDistinct = 20, 100

    /// Different words of a column of categories.
    static member MostWords = 20

    member _.Name = name

    /// By row; None where the cell is empty or a word that means missing.
    member _.Known = known
    member _.Content = content

    /// Different known values with their numbers of rows, the most frequent first.
    member _.Values = counts

    /// Words that mean missing, as far as the column has them.
    member _.MissingWords = [
        for cell in Array.distinct cells do
            match cell with
            | null -> ()
            | text when missingWords.Contains text -> text
            | _ -> ()
    ]

    /// Whether every row has a value of its own.
    member _.IsUnique = counts.Length = cells.Length

    /// Whether the values look like those of an identifier or a row number: whole numbers that all differ, and are in order or
    /// many.
    member column.LooksLikeIdentifier =
        column.IsUnique
        && cells.Length >= fewestInOrder
        && areAll isWhole
        && (cells.Length >= fewestDistinct
            || isMonotone (fun (a, b) -> a < b)
            || isMonotone (fun (a, b) -> a > b))
