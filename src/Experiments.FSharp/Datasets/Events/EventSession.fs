namespace CausalDebiasing.Bench.Datasets

open System
open System.Collections.Generic
open System.Data.Common
open CausalDebiasing.Cohorts
open DuckDB.NET.Data

/// A row of the cohort that events are joined to.
type CohortKey = {
    /// Of the stay or admission.
    Key: int64
    /// Number of the patient in the tables; 0 where it is no number.
    Subject: int64
    /// Admission; events are then known or not by this clock, or (None) by offsets from it.
    Opened: DateTime option
    /// Prediction time.
    Closes: DateTime option
}

/// DuckDB over the event tables of a cohort: each table is scanned once, joined to the cohort's rows, filtered and
/// grouped where it is read; only what is left per row and item comes back.
type EventSession(keys: CohortKey[], history: (int64 * DateTime)[]) =
    let database = new DuckSession()

    do
        // The size of a csv file is unknown to the optimiser; joins stay as they are written, events probing the small side.
        database.Execute "SET disabled_optimizers = 'join_order,build_side_probe_side'"

        database.Execute
            "CREATE TABLE cohort(row INTEGER, key BIGINT, subject BIGINT, opened TIMESTAMP, closes TIMESTAMP)"

        database.Execute "CREATE TABLE history(key BIGINT, closed TIMESTAMP)"

        database.Append "cohort" (fun appender ->
            for row in 0 .. keys.Length - 1 do
                appender
                    .CreateRow()
                    .AppendValue(Nullable row)
                    .AppendValue(Nullable keys[row].Key)
                    .AppendValue(Nullable keys[row].Subject)
                    .AppendValue(Option.toNullable keys[row].Opened)
                    .AppendValue(Option.toNullable keys[row].Closes)
                    .EndRow())

        database.Append "history" (fun appender ->
            for key, closed in history do
                appender.CreateRow().AppendValue(Nullable key).AppendValue(Nullable closed).EndRow())

    /// Visits the rows of the query over the file, in no order.
    member private _.Query (path: string) (sql: string) (visit: DbDataReader -> unit) =
        TableFile.queried path (fun () -> database.Visit sql visit)

    member private session.Codes scan path name code slots =
        let values = Array.zeroCreate<float32>(keys.Length * slots)
        let observed = Array.zeroCreate<bool> keys.Length
        let arrivals = Dictionary<string, int>()

        session.Query path (EventScan.codes scan path code slots) (fun reader ->
            let row, code = reader.GetInt32 0, reader.GetString 1

            if not (arrivals.ContainsKey code) then
                arrivals[code] <- arrivals.Count + 1

            values[row * slots + int (reader.GetInt64 2) - 1] <- float32 arrivals[code]
            observed[row] <- true)

        let numbers = Array.zeroCreate<float32>(arrivals.Count + 1)

        arrivals.Keys
        |> Seq.sortWith (fun a b -> String.CompareOrdinal(a, b))
        |> Seq.iteri (fun i code -> numbers[arrivals[code]] <- float32 (i + 1))

        for i in 0 .. values.Length - 1 do
            values[i] <- numbers[int values[i]]

        [
            {
                Modality = Modality.Codes(name, slots, max 1 arrivals.Count)
                Values = values
                Observed = observed
                Implausible = 0
            }
        ]

    member private session.Measurements
        scan
        path
        item
        value
        (modalities: (string * MeasuredParameter list) list)
        =
        let statistics = 6

        let results = [|
            for name, parameters in modalities do
                let size = statistics * parameters.Length
                let values = Array.create (keys.Length * size) nanf

                for i in 0..statistics .. values.Length - 1 do
                    values[i] <- 0f

                name, size, values, Array.zeroCreate<bool> keys.Length
        |]

        let places = [|
            for m, (_, parameters) in List.indexed modalities do
                for p in 0 .. parameters.Length - 1 -> struct (m, p)
        |]

        let implausible = Array.zeroCreate<int64> results.Length

        session.Query
            path
            (EventScan.measurements scan path item value (List.collect snd modalities))
            (fun reader ->
                let row = reader.GetInt32 0
                let struct (m, p) = places[reader.GetInt32 1]
                let _, size, values, observed = results[m]
                let start = row * size + p * statistics
                let count = reader.GetInt64 2
                observed[row] <- true
                implausible[m] <- implausible[m] + reader.GetInt64 3

                if count > 0L then
                    values[start] <- MathF.Log(1f + float32 count)
                    values[start + 1] <- EventScan.unpack (reader.GetInt64 4)
                    values[start + 2] <- EventScan.unpack (reader.GetInt64 5)
                    values[start + 3] <- reader.GetFloat 6
                    values[start + 4] <- reader.GetFloat 7
                    values[start + 5] <- float32 (reader.GetDouble 8))

        [
            for m, (name, size, values, observed) in Array.indexed results ->
                {
                    Modality = Modality.Tabular(name, size)
                    Values = values
                    Observed = observed
                    Implausible = int implausible[m]
                }
        ]

    /// The modalities of the scan of the file. Raises InputException when the file is not of the official schema, has
    /// a cell of another type, or is damaged.
    member session.Scan path scan : ModalityBlock list =
        match scan.Content with
        | Codes(name, code, slots) -> session.Codes scan path name code slots
        | Measurements(item, value, modalities) -> session.Measurements scan path item value modalities

    interface IDisposable with
        member _.Dispose() = (database :> IDisposable).Dispose()
