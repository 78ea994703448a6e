namespace CausalDebiasing.Bench.Datasets

open System
open System.IO

/// What a table's file is, by its first bytes.
type TableKind =
    /// Text, to be read as csv.
    | PlainText
    /// A gzip stream of text.
    | Gzip
    | Parquet

module TableKind =
    let private parquetMark = "PAR1"B

    /// Kinds of files that no table is read from, by their first bytes.
    let private others = [
        "PK\003\004"B, "a zip archive, such as an Excel workbook", "save its sheet as csv (UTF-8)"
        [| 0xD0uy; 0xCFuy; 0x11uy; 0xE0uy |], "an old Excel workbook", "save its sheet as csv (UTF-8)"
        "BZh"B, "compressed by bzip2", "unpack it, or compress it by gzip"
        [| 0xFDuy; 0x37uy; 0x7Auy; 0x58uy |], "compressed by xz", "unpack it, or compress it by gzip"
        [| 0x28uy; 0xB5uy; 0x2Fuy; 0xFDuy |], "compressed by zstd", "unpack it, or compress it by gzip"
        "ARROW1"B, "a Feather (Arrow) file", "save the table as Parquet or csv"
        "FEA1"B, "a Feather file", "save the table as Parquet or csv"
        "$FL2"B, "an SPSS file", "save the table as csv"
        [| 0x89uy; 0x48uy; 0x44uy; 0x46uy |], "an HDF5 file", "save the table as Parquet or csv"
        [| 0x93uy; yield! "NUMPY"B |],
        "an array of NumPy",
        "name it as the 'file' of a modality, with the ending .npy"
        "SQLite format"B, "an SQLite database", "save the table as csv"
    ]

    let private isNamed (extension: string) (path: string) =
        path.EndsWith(extension, StringComparison.OrdinalIgnoreCase)

    let private startsWith (mark: byte[]) (bytes: byte[]) =
        bytes.AsSpan().StartsWith(ReadOnlySpan mark)

    /// The first bytes of a stream, 16 or fewer.
    let private first (stream: Stream) =
        let buffer = Array.zeroCreate<byte> 16
        buffer[.. stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream = false) - 1]

    let private last (file: FileStream) =
        file.Seek(max 0L (file.Length - int64 parquetMark.Length), SeekOrigin.Begin)
        |> ignore

        first file

    /// Raises InputException when the bytes are those of a file that is no table.
    let private checkText path bytes =
        for mark, what, remedy in others do
            if startsWith mark bytes then
                TableError.refuse path $"the file is {what}" remedy

    /// The file's kind. Raises InputException when it is none of them, or not what its name says, and IOException when it cannot
    /// be read.
    let ofFile (path: string) =
        use file = File.OpenRead path
        let start = first file

        if startsWith parquetMark start then
            if last file <> parquetMark then
                TableError.refuse path "the Parquet file is cut short" "get the file again"

            Parquet
        elif isNamed ".parquet" path then
            TableError.refuse
                path
                "this is no whole Parquet file, though it is named so"
                "get the file again, or give it the name of what it is"
        elif startsWith [| 0x1Fuy; 0x8Buy |] start then
            use unpacked = GzipFile.openRead path
            let inner = first unpacked

            if startsWith parquetMark inner then
                TableError.refuse path "the file is a Parquet file within gzip" "unpack it"

            checkText path inner
            Gzip
        elif isNamed ".gz" path then
            TableError.refuse
                path
                "this is no gzip stream, though it is named so"
                "get the file again, or give it the name of what it is"
        else
            checkText path start
            PlainText
