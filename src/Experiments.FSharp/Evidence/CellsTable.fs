namespace CausalDebiasing.Bench.Evidence

open System
open System.IO
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Runtime
open DuckDB.NET.Data

/// The table of cells as CSV (for people and diffs) and as Parquet (for data frames); one schema for both.
module CellsTable =
    /// What stands in a column; NaN is nothing.
    type Value =
        | Text of string
        | Whole of int
        | Number of float

    let private caveat = "caveat"

    let private columns: (string * (CellRow -> Value)) list = [
        "experiment", (fun row -> Text row.Experiment)
        "dataset", (fun row -> Text row.Dataset)
        "baseline", (fun row -> Text row.Baseline)
        "variant", (fun row -> Text row.Variant)
        "missing_rate", (fun row -> Number row.MissingRate)
        "mechanism", (fun row -> Text row.Mechanism)
        "confounding", (fun row -> Number row.Confounding)
        "label_noise", (fun row -> Number row.LabelNoise)
        "condition", (fun row -> Text row.Condition)
        "seed", (fun row -> Whole row.Seed)
        "n_train", (fun row -> Whole row.TrainRows)
        "n_test", (fun row -> Whole row.TestRows)
        "auroc", (fun row -> Number row.Auroc)
        "auprc", (fun row -> Number row.Auprc)
        "brier", (fun row -> Number row.Brier)
        "ece", (fun row -> Number row.Ece)
        "log_loss", (fun row -> Number row.LogLoss)
        "oracle_auroc", (fun row -> Number row.OracleAuroc)
        "fit_seconds", (fun row -> Number row.FitSeconds)
        "status", (fun row -> Text row.Status)
        "error", (fun row -> Text row.Error)
        caveat, (fun row -> Text row.Caveat)
        "cell_id", (fun row -> Text row.CellId)
    ]

    /// Column names in order.
    let header = columns |> List.map fst

    let private sqlType =
        function
        | Text _ -> "VARCHAR"
        | Whole _ -> "BIGINT"
        | Number _ -> "DOUBLE"

    /// Names of the columns with their types in Parquet.
    let types =
        columns |> List.map (fun (name, value) -> name, sqlType (value CellRow.empty))

    let private quote (text: string) =
        if text.IndexOfAny [| ','; '"'; '\n'; '\r' |] >= 0 then
            "\"" + text.Replace("\"", "\"\"") + "\""
        else
            text

    let private text =
        function
        | Text value -> quote (CsvText.guard value)
        | Whole value -> string value
        | Number value -> CellRow.number value

    /// A row as a line of csv.
    let line (columns: (string * ('row -> Value)) list) row =
        String.Join(',', columns |> List.map (fun (_, value) -> text (value row)))

    /// Writes any rows as csv: in the order given, "\n" line ends, empty for NaN, no formulas (see CsvText).
    let write path (columns: (string * ('row -> Value)) list) rows =
        AtomicFile.write path (fun partial ->
            use file = new StreamWriter(partial, NewLine = "\n")
            file.WriteLine(String.Join(',', columns |> List.map (fst >> CsvText.guard >> quote)))

            for row in rows do
                file.WriteLine(line columns row))

    /// Writes cells.csv, with the columns of `header`.
    let writeCsv path (rows: CellRow list) = write path columns rows

    let private doRiskColumns: (string * (CellRow * float -> Value)) list =
        let identity =
            columns
            |> List.filter (fun (name, _) ->
                List.contains name (List.takeWhile ((<>) "n_train") header @ [ "cell_id" ]))
            |> List.map (fun (name, value) -> name, fst >> value)

        let risk = [ "do_risk", (fun (_, risk) -> Number risk) ]
        let last = identity.Length - 1
        identity[.. last - 1] @ risk @ identity[last..]

    /// Column names of do_risk.csv in order.
    let doRiskHeader = doRiskColumns |> List.map fst

    /// Writes (row, mean |p - P(y | do x)|) pairs: the row's identity and the do-risk.
    let writeDoRisk path (rows: (CellRow * float) list) = write path doRiskColumns rows

    let private literal (path: string) = "'" + path.Replace("'", "''") + "'"

    let private query (sql: string) (read: DuckDBDataReader -> 'result) =
        use connection = new DuckDBConnection "DataSource=:memory:"
        connection.Open()
        use command = connection.CreateCommand()
        command.CommandText <- sql
        use reader = command.ExecuteReader()
        read reader

    let private typedCsv path columns =
        let unit = CellRow.empty

        let types =
            columns
            |> List.map (fun (name, value) -> $"'{name}': '{sqlType (value unit)}'")
            |> String.concat ", "

        $"read_csv({literal path}, header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"', "
        + $"nullstr = '', columns = {{{types}}})"

    /// Writes the table as Parquet: text as VARCHAR (never null), whole numbers as BIGINT, others as DOUBLE with null
    /// for NaN. Goes through the CSV file written before.
    let writeParquet path csvPath =
        let texts =
            columns
            |> List.choose (fun (name, value) ->
                match value CellRow.empty with
                | Text _ -> Some(CsvText.unguardSql $"coalesce({name}, '')" + $" AS {name}")
                | _ -> None)
            |> String.concat ", "

        AtomicFile.write path (fun partial ->
            query
                $"COPY (SELECT * REPLACE ({texts}) FROM {typedCsv csvPath columns}) TO {literal partial} (FORMAT parquet)"
                ignore)

    /// Reads what writeCsv wrote.
    /// Raises InputException when the file is absent or is not such a table.
    let readCsv (path: string) : CellRow list =
        if not (File.Exists path) then
            raise (InputException $"There is no table of cells at {path}; run an experiment that writes one.")

        let first = File.ReadLines path |> Seq.tryHead
        // Tables of earlier builds have no caveats.
        let older = columns |> List.filter (fun (name, _) -> name <> caveat)
        let isOld = first = Some(String.Join(',', List.map fst older))

        let read (reader: DuckDBDataReader) =
            let text i =
                if reader.IsDBNull i then
                    ""
                else
                    CsvText.unguard (reader.GetString i)

            let number i =
                if reader.IsDBNull i then nan else reader.GetDouble i

            let whole i = int (reader.GetInt64 i)

            [
                while reader.Read() do
                    {
                        Experiment = text 0
                        Dataset = text 1
                        Baseline = text 2
                        Variant = text 3
                        MissingRate = number 4
                        Mechanism = text 5
                        Confounding = number 6
                        LabelNoise = number 7
                        Condition = text 8
                        Seed = whole 9
                        TrainRows = whole 10
                        TestRows = whole 11
                        Auroc = number 12
                        Auprc = number 13
                        Brier = number 14
                        Ece = number 15
                        LogLoss = number 16
                        OracleAuroc = number 17
                        FitSeconds = number 18
                        Status = text 19
                        Error = text 20
                        Caveat = if isOld then "" else text 21
                        CellId = text (if isOld then 21 else 22)
                    }
            ]

        if not isOld && first <> Some(String.Join(',', header)) then
            raise (
                InputException
                    $"The first line of {path} does not name the columns of a table of cells; write the table again."
            )

        try
            query $"SELECT * FROM {typedCsv path (if isOld then older else columns)}" read
        with :? DuckDBException as error ->
            let reason = error.Message.Split('\n')[0]
            raise (InputException $"{path} is not a table of cells ({reason}); write the table again.")
