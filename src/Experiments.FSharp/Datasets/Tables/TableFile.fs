namespace CausalDebiasing.Bench.Datasets

open System
open System.Data.Common
open System.IO
open System.Text.RegularExpressions
open System.Threading.Tasks
open CausalDebiasing.Runtime
open DuckDB.NET.Data

/// Tables in files: csv (see `DelimitedText`), also in gzip, and Parquet, whatever their names are. Cells are text without the
/// white space around it; an empty cell is null.
module TableFile =
    let private extensions = [ ".csv"; ".tsv"; ".txt"; ".data"; ".gz"; ".parquet"; ".xlsx"; ".xls" ]

    /// Whether the path is that of a table, by the ending of its name.
    let isNamedTable (path: string) =
        extensions
        |> List.exists (fun extension -> path.EndsWith(extension, StringComparison.OrdinalIgnoreCase))

    let private quote (mark: string) (text: string) =
        mark + text.Replace(mark, mark + mark) + mark

    /// The text as an SQL literal.
    let literal = quote "'"

    /// The text as an SQL identifier.
    let identifier = quote "\""

    /// What the failure of a query over the file means to its user.
    let explain (path: string) (failure: DuckDBException) =
        let line = Regex.Match(failure.Message, @"CSV Error on Line: (\d+)")
        let column = Regex.Match(failure.Message, @"converting column ""([^""]+)""")

        if line.Success && column.Success then
            InputException
                $"{path}, line {line.Groups[1].Value}, column '{column.Groups[1].Value}': the cell is not of the column's type; correct it or leave it empty."
        elif line.Success then
            let problem, remedy =
                if failure.Message.Contains "unicode" then
                    "the text is not UTF-8", "save the file as UTF-8"
                elif failure.Message.Contains "Number of Columns" then
                    "the row does not have as many columns as the header", "correct the row"
                elif failure.Message.Contains "unterminated quote" then
                    "a quote is not closed, or text follows it", "correct the quotes"
                elif failure.Message.Contains "Maximum line size" then
                    "the row is too long", "shorten its cells"
                else
                    "the row is not in the csv format", "correct the row"

            InputException $"{path}, line {line.Groups[1].Value}: {problem}; {remedy}."
        elif TableKind.ofFile path = Parquet then
            InputException $"{path}: this is no whole Parquet file; get the file again."
        else
            InputException
                $"{path}: the file is not in the csv format; check quotes, line ends (all alike) and encoding (UTF-8)."

    let private query path (sql: string) (visit: DbDataReader -> unit) =
        try
            use connection = new DuckDBConnection("DataSource=:memory:")
            connection.Open()
            use command = connection.CreateCommand()
            command.CommandText <- sql
            use reader = command.ExecuteReader()

            while reader.Read() do
                visit reader
        with :? DuckDBException as failure ->
            raise (explain path failure)

    /// Runs an action on the file. Raises InputException when it cannot be read.
    let guarded (path: string) action =
        try
            action ()
        with
        | :? InvalidDataException ->
            TableError.refuse path "the gzip stream is cut short or damaged" "get the file again"
        | :? IOException
        | :? UnauthorizedAccessException ->
            TableError.refuse path "the file cannot be read" "check that it exists and its permissions"

    /// Runs a query of DuckDB over the file while a gzip stream is checked to be whole, which DuckDB does not do. Raises
    /// InputException when the file cannot be read.
    let queried (path: string) (query: unit -> unit) =
        guarded path (fun () ->
            let whole =
                if TableKind.ofFile path = Gzip then
                    Task.Run(fun () -> GzipFile.checkWhole path)
                else
                    Task.CompletedTask

            try
                query ()
            with :? DuckDBException as failure ->
                whole.GetAwaiter().GetResult()
                raise (explain path failure)

            whole.GetAwaiter().GetResult())

    /// Whether names may be shown: where one of them is a number, the first row may be a patient's.
    let private areNames (names: string list) =
        let isName (name: string) =
            not (fst (Double.TryParse(name, Globalization.CultureInfo.InvariantCulture)))
            && not (Seq.exists Char.IsControl name)

        List.forall isName names

    let private noHeader path =
        TableError.refuse
            path
            "the first row holds numbers, so that the file seems to have no row of column names"
            "add one, or name the columns in order under 'header' in the manifest"

    let private checkDistinct path (names: string list) =
        match names |> List.countBy id |> List.tryFind (fun (_, count) -> count > 1) with
        | Some _ when not (areNames names) -> noHeader path
        | Some(name, _) ->
            TableError.refuse path $"the header names column '{name}' twice" "rename one of the two"
        | None -> ()

    /// Raises InputException when the names look like a row of data: one is a number that no column would be called.
    let requireHeader path (names: string list) =
        let isValue (name: string) =
            fst (Double.TryParse(name, Globalization.CultureInfo.InvariantCulture))
            && not (Seq.forall Char.IsAsciiDigit name)

        if List.exists isValue names then
            noHeader path

    let private parquetColumns path = [
        let names = Collections.Generic.List<string>()

        query
            path
            $"SELECT column_name FROM (DESCRIBE SELECT * FROM read_parquet({literal path}))"
            (fun reader -> names.Add(reader.GetString 0))

        yield! names
    ]

    /// Names of the columns, in order; `header` names those of csv that begins with data. Raises InputException when the file
    /// cannot be read or names a column twice.
    let columnsWith (header: string list option) (path: string) : string list =
        guarded path (fun () ->
            let names =
                match TableKind.ofFile path with
                | Parquet -> parquetColumns path
                | _ -> (DelimitedText.layout path header).Names

            checkDistinct path names
            names)

    /// Names of the columns, in order. Raises InputException as `columnsWith` does.
    let columns = columnsWith None

    let private requireColumnsWith header (path: string) (wanted: string list) =
        let known = columnsWith header path

        match wanted |> List.tryFind (fun name -> not (List.contains name known)) with
        | Some name ->
            guarded path (fun () ->
                if TableKind.ofFile path = Gzip then
                    GzipFile.checkWhole path)

            if not (areNames known) then
                noHeader path

            let listed = List.truncate 60 known |> String.concat ", "
            TableError.refuse path $"there is no column '{name}'" $"name one of its columns: {listed}"
        | None -> ()

    /// Raises InputException when one of the columns is not in the file.
    let requireColumns = requireColumnsWith None

    /// Characters of a row that DuckDB reads.
    let private longestRow = 16 <<< 20

    /// The file as a table of DuckDB. Columns of csv have the type that `typeOf` names; those of Parquet their own.
    let source (typeOf: string -> string) path =
        let text compression =
            let layout = DelimitedText.layout path None

            let types =
                layout.Names
                |> List.map (fun name -> $"{literal name}: '{typeOf name}'")
                |> String.concat ", "

            $"read_csv({literal path}, auto_detect = false, header = true, skip = {layout.SkippedLines}, "
            + $"compression = '{compression}', max_line_size = {longestRow}, buffer_size = {2 * longestRow}, "
            + $"delim = '{layout.Delimiter}', quote = '\"', escape = '\"', nullstr = '', columns = {{{types}}})"

        match TableKind.ofFile path with
        | Parquet -> $"read_parquet({literal path})"
        | Gzip -> text "gzip"
        | PlainText -> text "none"

    let private iterateParquet path (wanted: string list) (visit: int -> (int -> string | null) -> unit) =
        let select =
            wanted
            |> List.map (fun name -> $"CAST({identifier name} AS VARCHAR)")
            |> String.concat ", "

        let mutable row = 0

        query path $"SELECT {select} FROM read_parquet({literal path})" (fun reader ->
            row <- row + 1

            visit row (fun i ->
                if reader.IsDBNull i then
                    null
                else
                    reader.GetString(i).Trim()))

    /// Calls `visit` with the number (from 1) and the cells of every row, in the order of the file; the array is used
    /// again for the next row. `header` names the columns of csv that begins with data. Raises InputException when a column is
    /// not there, or the file is damaged.
    let iterateWith header (path: string) (wanted: string list) (visit: int -> (string | null)[] -> unit) =
        requireColumnsWith header path wanted
        let cells = Array.zeroCreate<string | null> wanted.Length

        let take row (cell: int -> string | null) =
            for i in 0 .. cells.Length - 1 do
                cells[i] <-
                    match cell i with
                    | "" -> null
                    | text -> text

            visit row cells

        guarded path (fun () ->
            match TableKind.ofFile path with
            | Parquet -> iterateParquet path wanted take
            | kind ->
                if kind = Gzip then
                    GzipFile.checkWhole path

                let layout = DelimitedText.layout path header

                let positions =
                    wanted
                    |> List.map (fun name -> List.findIndex ((=) name) layout.Names)
                    |> Array.ofList

                DelimitedText.iterate path layout (fun row cell -> take row (fun i -> cell positions[i])))

    /// `iterateWith` for files whose first row names the columns.
    let iterate path wanted visit = iterateWith None path wanted visit
