namespace CausalDebiasing.Bench.Datasets

open System
open System.Data.Common
open System.IO
open DuckDB.NET.Data

/// DuckDB in memory. What does not fit its memory limit spills to a folder that only its owner can read and that goes with the
/// session.
type DuckSession() =
    let spill = Directory.CreateTempSubdirectory("causaldebias-").FullName
    let connection = new DuckDBConnection("DataSource=:memory:")

    let execute (sql: string) =
        use command = connection.CreateCommand()
        command.CommandText <- sql
        command.ExecuteNonQuery() |> ignore

    do
        connection.Open()

        execute
            $"SET memory_limit = '{DuckSession.MemoryLimit}'; SET temp_directory = {TableFile.literal spill}; SET preserve_insertion_order = false"

    /// What DuckDB may use.
    static member MemoryLimit = "3GB"

    member _.Execute sql = execute sql

    /// Visits the rows of the query, in no order unless it names one.
    member _.Visit (sql: string) (visit: DbDataReader -> unit) =
        use command = connection.CreateCommand()
        command.CommandText <- sql
        command.UseStreamingMode <- true
        use reader = command.ExecuteReader()

        while reader.Read() do
            visit reader

    /// Fills a table.
    member _.Append (table: string) (fill: DuckDBAppender -> unit) =
        use appender = connection.CreateAppender table
        fill appender

    interface IDisposable with
        member _.Dispose() =
            connection.Dispose()
            Directory.Delete(spill, recursive = true)
