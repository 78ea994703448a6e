namespace CausalDebiasing.Bench.Datasets

open System
open System.Data.Common
open System.IO
open System.IO.Compression
open System.Text.RegularExpressions
open CausalDebiasing.Runtime
open DuckDB.NET.Data

/// Tables in files: csv (comma, semicolon or tab; ".gz" when compressed) and Parquet, read by DuckDB. Cells are text
/// without the white space around it; an empty cell is null. No message repeats a cell.
module TableFile =
    /// Raises InputException: file, what is wrong, what to do.
    let refuse (path: string) problem remedy =
        raise (InputException $"{path}: {problem}; {remedy}.")

    /// Raises InputException for a cell; rows count from 1 after the header.
    let refuseCell (path: string) (row: int) (column: string) problem remedy =
        raise (InputException $"{path}, row {row}, column '{column}': {problem}; {remedy}.")

    let private hasExtension (extension: string) (path: string) =
        path.EndsWith(extension, StringComparison.OrdinalIgnoreCase)

    let isParquet = hasExtension ".parquet"
    let isCompressed = hasExtension ".gz"

    let private quote (mark: string) (text: string) =
        mark + text.Replace(mark, mark + mark) + mark

    /// The text as an SQL literal.
    let literal = quote "'"

    /// The text as an SQL identifier.
    let identifier = quote "\""

    let private openText (path: string) : Stream =
        let file = File.OpenRead path

        if isCompressed path then
            new GZipStream(file, CompressionMode.Decompress)
        else
            file

    /// A gzip stream that was cut between two rows would read as a shorter table: its last four bytes must tell the
    /// size of what came out. Raises InputException.
    let checkWhole (path: string) =
        let cut () =
            refuse
                path
                "the gzip stream is cut short or damaged, or has several members"
                "get the file again, or unpack it"

        try
            use stream = openText path
            let buffer = Array.zeroCreate<byte>(1 <<< 16)
            let mutable total = 0L
            let mutable count = stream.Read buffer

            while count > 0 do
                total <- total + int64 count
                count <- stream.Read buffer

            use file = File.OpenRead path
            let trailer = Array.zeroCreate<byte>(4)
            file.Seek(max 0L (file.Length - 4L), SeekOrigin.Begin) |> ignore

            if
                file.ReadAtLeast(trailer, 4, throwOnEndOfStream = false) < 4
                || BitConverter.ToUInt32 trailer <> uint32 total
            then
                cut ()
        with :? InvalidDataException ->
            cut ()

    let private header (path: string) =
        use reader = new StreamReader(openText path)

        match reader.ReadLine() with
        | null
        | "" ->
            refuse path "the file is empty or begins with an empty line" "begin it with a row of column names"
        | line ->
            let delimiter =
                [ ','; ';'; '\t' ]
                |> List.maxBy (fun mark -> line |> Seq.filter ((=) mark) |> Seq.length)

            let named i (cell: string) =
                match cell.Trim().Trim('"') with
                | "" -> $"column{i + 1}"
                | name -> name

            delimiter, line.Split delimiter |> Array.mapi named |> List.ofArray

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
                else
                    "the row is not in the csv format", "correct the row"

            InputException $"{path}, line {line.Groups[1].Value}: {problem}; {remedy}."
        elif isParquet path then
            InputException $"{path}: this is no whole Parquet file; get the file again."
        else
            InputException $"{path}: the file is not in the csv format; check quotes and encoding (UTF-8)."

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
            refuse path "this is no gzip stream, or it is damaged" "get the file again"
        | :? IOException
        | :? UnauthorizedAccessException ->
            refuse path "the file cannot be read" "check that it exists and its permissions"

    /// Names of the columns, in order. Raises InputException when the file cannot be read, has no header or names a
    /// column twice.
    let columns (path: string) : string list =
        guarded path (fun () ->
            let names =
                if isParquet path then
                    let names = Collections.Generic.List<string>()

                    query
                        path
                        $"SELECT column_name FROM (DESCRIBE SELECT * FROM read_parquet({literal path}))"
                        (fun reader -> names.Add(reader.GetString 0))

                    List.ofSeq names
                else
                    snd (header path)

            match names |> List.countBy id |> List.tryFind (fun (_, count) -> count > 1) with
            | Some(name, _) -> refuse path $"the header names column '{name}' twice" "rename one of the two"
            | None -> names)

    /// Raises InputException when one of the columns is not in the file.
    let requireColumns (path: string) (wanted: string list) =
        let known = columns path

        match wanted |> List.tryFind (fun name -> not (List.contains name known)) with
        | Some name ->
            if isCompressed path then
                guarded path (fun () -> checkWhole path)

            let listed = List.truncate 60 known |> String.concat ", "
            refuse path $"there is no column '{name}'" $"name one of its columns: {listed}"
        | None -> ()

    /// The file as a table of DuckDB. Columns of csv have the type that `typeOf` names; those of Parquet their own.
    let source (typeOf: string -> string) path =
        if isParquet path then
            $"read_parquet({literal path})"
        else
            let delimiter, names = header path

            let types =
                names
                |> List.map (fun name -> $"{literal name}: '{typeOf name}'")
                |> String.concat ", "

            $"read_csv({literal path}, auto_detect = false, header = true, delim = '{delimiter}', quote = '\"', escape = '\"', nullstr = '', columns = {{{types}}})"

    /// Calls `visit` with the number (from 1) and the cells of every row, in the order of the file; the array is used
    /// again for the next row. Raises InputException when a column is not there, or the file is damaged.
    let iterate (path: string) (wanted: string list) (visit: int -> (string | null)[] -> unit) =
        requireColumns path wanted

        guarded path (fun () ->
            if isCompressed path then
                checkWhole path

            let cells = Array.zeroCreate<string | null>(wanted.Length)
            let mutable row = 0

            let select =
                wanted
                |> List.map (fun name -> $"CAST({identifier name} AS VARCHAR)")
                |> String.concat ", "

            let table = source (fun _ -> "VARCHAR") path

            query path $"SELECT {select} FROM {table}" (fun reader ->
                row <- row + 1

                for i in 0 .. cells.Length - 1 do
                    cells[i] <-
                        if reader.IsDBNull i then
                            null
                        else
                            match reader.GetString(i).Trim() with
                            | "" -> null
                            | text -> text

                visit row cells))
