namespace CausalDebiasing.Bench.Datasets

open System
open System.Globalization
open System.IO
open System.Text
open System.Text.RegularExpressions
open CsvHelper
open CsvHelper.Configuration

/// How the text of a table is cut into cells.
type DelimitedLayout = {
    Delimiter: char
    /// 1 where the first line only declares the delimiter, as Excel writes it ("sep=;").
    SkippedLines: int
    /// Of the columns, in order; "column3" where the header's third cell is empty.
    Names: string list
    /// Whether the names stand in the file.
    HasHeader: bool
}

/// Delimited text by the rules of RFC 4180 (quoted cells may hold delimiters, line ends and doubled quotes; lines may end in
/// LF, CR or CRLF) in UTF-8. Header and rows are read alike.
module DelimitedText =
    let private marks = [ ','; ';'; '\t'; '|' ]
    let private strict = UTF8Encoding(false, throwOnInvalidBytes = true)

    let private openStream path : Stream =
        match TableKind.ofFile path with
        | Gzip -> GzipFile.openRead path
        | _ -> File.OpenRead path

    /// The number of the first line that is not UTF-8.
    let private badLine path =
        use stream = new BufferedStream(openStream path, 1 <<< 16)
        use line = new MemoryStream()
        let mutable number = 1
        let mutable found = None
        let mutable next = stream.ReadByte()

        let judge () =
            if not (Unicode.Utf8.IsValid(ReadOnlySpan(line.GetBuffer(), 0, int line.Length))) then
                found <- Some number

        while found.IsNone && next >= 0 do
            if next = int '\n' then
                judge ()
                number <- number + 1
                line.SetLength 0L
            else
                line.WriteByte(byte next)

            next <- stream.ReadByte()

        if found.IsNone then
            judge ()

        Option.defaultValue 1 found

    let private guarded path (action: unit -> 'result) =
        try
            action ()
        with :? DecoderFallbackException ->
            TableError.refuseLine path (badLine path) "the text is not UTF-8" "save the file as UTF-8"

    let private openReader path =
        new StreamReader(openStream path, strict, true, 1 <<< 16)

    let private declared (line: string) =
        let found = Regex.Match(line, "^\"?sep=(.)\"?$", RegexOptions.IgnoreCase)

        if found.Success then
            Some found.Groups[1].Value[0]
        else
            None

    let private readLine path =
        guarded path (fun () ->
            use reader = openReader path
            reader.ReadLine())

    /// Calls `visit` with the line and a reader of the cells of every record until it gives false. `damaged` is told the line
    /// of a record whose quotes cannot be understood.
    let private records path delimiter skippedLines damaged (visit: int -> CsvParser -> bool) =
        guarded path (fun () ->
            let mutable line = skippedLines + 1

            let judge (found: BadDataFoundArgs) =
                // A quote inside an unquoted cell, such as 5", is text.
                if found.Field.TrimStart().StartsWith '"' then
                    damaged line

            let configuration =
                CsvConfiguration(
                    CultureInfo.InvariantCulture,
                    Delimiter = string<char> delimiter,
                    HasHeaderRecord = false,
                    TrimOptions = TrimOptions.Trim,
                    BufferSize = (1 <<< 16),
                    BadDataFound = judge
                )

            use reader = openReader path

            for _ in 1..skippedLines do
                reader.ReadLine() |> ignore

            use parser = new CsvParser(reader, configuration)
            let mutable goesOn = true

            while goesOn && parser.Read() do
                goesOn <- visit line parser
                line <- skippedLines + parser.RawRow + 1)

    /// The first record, and whether its quotes can be understood.
    let private firstRecord path skippedLines delimiter =
        let mutable isSound = true
        let mutable cells = [||]

        records path delimiter skippedLines (fun _ -> isSound <- false) (fun _ parser ->
            cells <- [| for i in 0 .. parser.Count - 1 -> parser[i].Trim() |]
            false)

        cells, isSound

    let private named i (cell: string) =
        if cell = "" then $"column{i + 1}" else cell

    /// The layout of the file, whose columns are named by its first record, or by `header` if the file begins with data. Raises
    /// InputException when it is empty, is not UTF-8, or does not have as many columns as `header`.
    let layout path (header: string list option) =
        let skippedLines, delimiters =
            match readLine path with
            | null
            | "" ->
                TableError.refuse
                    path
                    "the file is empty or begins with an empty line"
                    "begin it with a row of column names"
            | line ->
                match declared line with
                | Some delimiter -> 1, [ delimiter ]
                | None -> 0, marks

        let found =
            delimiters
            |> List.map (fun delimiter -> delimiter, firstRecord path skippedLines delimiter)

        let delimiter, (cells, isSound) =
            found
            |> List.maxBy (fun (_, (cells, isSound)) -> if isSound then cells.Length else 0)

        if not isSound then
            TableError.refuseLine
                path
                (skippedLines + 1)
                "a quote is not closed, or text follows it"
                "correct the quotes"

        if cells |> Array.exists (Seq.contains '\000') then
            TableError.refuse path "the file holds bytes that are no text" "save the table as csv (UTF-8)"

        match header with
        | Some names when names.Length <> cells.Length ->
            TableError.refuse
                path
                $"the file has {cells.Length} columns and 'header' names {names.Length}"
                "name each column in 'header'"
        | _ -> ()

        {
            Delimiter = delimiter
            SkippedLines = skippedLines
            Names =
                header
                |> Option.defaultWith (fun () -> cells |> Array.mapi named |> List.ofArray)
            HasHeader = header.IsNone || header = Some(List.ofArray cells)
        }

    /// Calls `visit` with the number (from 1) and a function from a column's position to its trimmed cell, for every row after
    /// the header. Raises InputException for a row that has more or fewer cells than there are columns, and for quotes that
    /// cannot be understood.
    let iterate path layout (visit: int -> (int -> string) -> unit) =
        let width = layout.Names.Length

        let damaged line =
            TableError.refuseLine path line "a quote is not closed, or text follows it" "correct the quotes"

        let mutable row = if layout.HasHeader then -1 else 0

        records path layout.Delimiter layout.SkippedLines damaged (fun line parser ->
            row <- row + 1

            if row > 0 then
                if parser.Count <> width then
                    TableError.refuseLine
                        path
                        line
                        "the row does not have as many columns as the header"
                        "correct the row"

                visit row (fun column -> parser[column].Trim())

            true)
