namespace CausalDebiasing.Bench.Datasets

open System
open System.IO
open System.IO.Compression
open ICSharpCode.SharpZipLib
open ICSharpCode.SharpZipLib.GZip

/// Text in gzip streams of one or several members.
module GzipFile =
    /// The text's bytes.
    let openRead (path: string) : Stream =
        new GZipStream(File.OpenRead path, CompressionMode.Decompress)

    let private buffer () = Array.zeroCreate<byte>(1 <<< 16)

    let private size (stream: Stream) =
        let buffer = buffer ()
        let mutable total = 0L
        let mutable count = stream.Read buffer

        while count > 0 do
            total <- total + int64 count
            count <- stream.Read buffer

        total

    /// The size that the last four bytes tell, modulo 2^32.
    let private statedSize (path: string) =
        use file = File.OpenRead path
        let trailer = Array.zeroCreate<byte> 4
        file.Seek(max 0L (file.Length - 4L), SeekOrigin.Begin) |> ignore

        if file.ReadAtLeast(trailer, 4, throwOnEndOfStream = false) < 4 then
            None
        else
            Some(BitConverter.ToUInt32 trailer)

    /// Whether all members are whole. It checks the size of each, which the framework's own reader does not.
    let private membersAreWhole (path: string) =
        try
            use stream = new GZipInputStream(File.OpenRead path)
            size stream |> ignore
            true
        with
        | :? SharpZipBaseException
        | :? EndOfStreamException -> false

    /// A gzip stream that was cut between two rows would read as a shorter table. Raises InputException when it is cut or
    /// damaged.
    let checkWhole (path: string) =
        let total =
            try
                use stream = openRead path
                Some(uint32 (size stream))
            with :? InvalidDataException ->
                None

        if total.IsNone || statedSize path <> total && not (membersAreWhole path) then
            TableError.refuse path "the gzip stream is cut short or damaged" "get the file again"
