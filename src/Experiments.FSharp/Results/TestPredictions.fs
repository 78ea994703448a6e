namespace CausalDebiasing.Bench.Results

open System
open System.Buffers.Binary
open System.Data.Common
open System.IO
open System.Security.Cryptography
open System.Text
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Cohorts
open DuckDB.NET.Data

/// What a model predicted for the rows of one test, with what measures need to know of them; every array has one entry for each
/// row, in the order of the test.
type TestPredictions = {
    /// The test condition: "id", "do", "reversed", "later" or "site:NAME".
    Condition: string
    /// Stands for the patient, alike in all cells of a data set: of recorded data a hash of the identifier.
    Patients: int64[]
    /// In [0, 1].
    Probabilities: float32[]
    /// What a wrapped model would have predicted without recalibration, in [0, 1]; None where nothing is recalibrated, or where the
    /// file is older.
    BeforeRecalibration: float32[] option
    /// 0 or 1.
    Outcomes: float32[]
    /// Names of sites.
    Sites: string[]
    /// The modalities that are there, joined by '+'.
    Patterns: string[]
}

module TestPredictions =
    /// Stands between the names of the modalities of a pattern.
    let joint = "+"

    /// Whether the patients of a data set are people, and not drawn.
    let isRecorded (data: DataSpec) =
        (WorldCatalog.tryFind data.Dataset).IsNone

    /// The hash depends on the content of the data, so that it is the same in every cell and run, and says nothing to whoever
    /// has not got the data.
    let private hashed (content: string) (patient: int64) =
        let digest = SHA256.HashData(Encoding.UTF8.GetBytes $"{content} {patient}")
        BinaryPrimitives.ReadInt64LittleEndian(digest.AsSpan())

    let private pattern (cohort: Cohort) =
        let known = Collections.Generic.Dictionary<int, string>()
        let names = [| for modality in cohort.Modalities -> modality.Name |]

        fun row ->
            let number = cohort.Pattern row

            match known.TryGetValue number with
            | true, name -> name
            | _ ->
                let name =
                    names
                    |> Seq.indexed
                    |> Seq.filter (fun (m, _) -> cohort.IsObserved(row, m))
                    |> Seq.map snd
                    |> String.concat joint

                known[number] <- name
                name

    /// What stands for patients of a data set with that content.
    let keys data content (patients: int64[]) =
        if isRecorded data then
            patients |> Array.map (hashed content)
        else
            patients

    /// The predictions for a test of a data set with that content.
    let ofTest data content (test: TestSet) (probabilities: float32[]) =
        let cohort = test.Cohort

        {
            Condition = test.Condition
            Patients = keys data content (cohort.Patients.ToArray())
            Probabilities = probabilities
            BeforeRecalibration = None
            Outcomes = cohort.Labels.ToArray()
            Sites = [| for site in cohort.Sites.ToArray() -> cohort.SiteNames[site] |]
            Patterns = Array.init cohort.Count (pattern cohort)
        }

    /// The column of probabilities without recalibration.
    let beforeColumn = "before_recalibration"

    let private write (path: string) (tests: TestPredictions list) =
        let rows = [|
            for test in tests do
                for row in 0 .. test.Patients.Length - 1 -> struct (test, row)
        |]

        let text pick =
            RowColumn.Text(fun i ->
                let struct (test, row) = rows[i]
                pick test row)

        let number pick =
            RowColumn.Number(fun i ->
                let struct (test, row) = rows[i]
                pick test row)

        RowTable.write path AsPackedParquet rows.Length [
            "test", text (fun test _ -> test.Condition)
            "row",
            RowColumn.Whole(fun i ->
                let struct (_, row) = rows[i]
                row)
            "patient",
            RowColumn.Long(fun i ->
                let struct (test, row) = rows[i]
                test.Patients[row])
            "probability", number (fun test row -> test.Probabilities[row])
            "outcome",
            RowColumn.Whole(fun i ->
                let struct (test, row) = rows[i]
                int test.Outcomes[row])
            "site", text (fun test row -> test.Sites[row])
            "pattern", text (fun test row -> test.Patterns[row])
            if tests |> List.exists _.BeforeRecalibration.IsSome then
                beforeColumn,
                number (fun test row ->
                    match test.BeforeRecalibration with
                    | Some before -> before[row]
                    | None -> nanf)
        ]

    /// The predictions of a cell as a Parquet file, with the columns test, row (its number within the test, from 0), patient,
    /// probability, outcome, site and pattern, and of recalibrated predictions before_recalibration. It is made in a folder, of which nothing is left.
    let toBytes folder (tests: TestPredictions list) =
        let path = Path.Combine(folder, $".{Path.GetRandomFileName()}.tmp")

        try
            write path tests
            File.ReadAllBytes path
        finally
            File.Delete path

    let private whole (reader: DbDataReader) = [
        let patients, probabilities = ResizeArray(), ResizeArray()
        let outcomes, sites, patterns = ResizeArray(), ResizeArray(), ResizeArray()
        let before = ResizeArray()

        let taken condition =
            let test = {
                Condition = condition
                Patients = patients.ToArray()
                Probabilities = probabilities.ToArray()
                BeforeRecalibration =
                    if before.Count = probabilities.Count then
                        Some(before.ToArray())
                    else
                        None
                Outcomes = outcomes.ToArray()
                Sites = sites.ToArray()
                Patterns = patterns.ToArray()
            }

            patients.Clear()
            probabilities.Clear()
            before.Clear()
            outcomes.Clear()
            sites.Clear()
            patterns.Clear()
            test

        let mutable condition = ""

        while reader.Read() do
            if reader.GetInt32 1 = 0 && patients.Count > 0 then
                taken condition

            condition <- reader.GetString 0
            patients.Add(reader.GetInt64 2)
            probabilities.Add(reader.GetFloat 3)
            outcomes.Add(float32 (reader.GetInt32 4))
            sites.Add(String.Intern(reader.GetString 5))
            patterns.Add(String.Intern(reader.GetString 6))

            if not (reader.IsDBNull 7) then
                before.Add(reader.GetFloat 7)

        if patients.Count > 0 then
            taken condition
    ]

    /// Reads what `toBytes` made. Raises DuckDBException or IOException for another file.
    let read (path: string) =
        use connection = new DuckDBConnection "DataSource=:memory:"
        connection.Open()
        use command = connection.CreateCommand()
        let file = TableFile.literal path

        command.CommandText <- $"SELECT count(*) FROM parquet_schema({file}) WHERE name = '{beforeColumn}'"

        // Files of predictions that are not recalibrated, and older ones, lack the column.
        let before =
            if Convert.ToInt64(command.ExecuteScalar()) > 0L then
                beforeColumn
            else
                "NULL::FLOAT"

        command.CommandText <-
            $"SELECT test, \"row\", patient, probability, outcome, site, pattern, {before} FROM read_parquet({file})"

        use reader = command.ExecuteReader()
        whole reader
