namespace CausalDebiasing.Bench.Datasets

open DuckDB.NET.Data

module ParquetSchema =
    /// Names and types (as DuckDB calls them) of the columns, in order. Raises InputException when the file is no whole Parquet file.
    let columns (path: string) =
        TableFile.guarded path (fun () ->
            if TableKind.ofFile path <> Parquet then
                TableError.refuse path "this is no Parquet file" "write the table as Parquet"

            try
                use connection = new DuckDBConnection("DataSource=:memory:")
                connection.Open()
                use command = connection.CreateCommand()

                command.CommandText <-
                    $"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet({TableFile.literal path}))"

                use reader = command.ExecuteReader()

                [
                    while reader.Read() do
                        reader.GetString 0, reader.GetString 1
                ]
            with :? DuckDBException as failure ->
                raise (TableFile.explain path failure))
