namespace CausalDebiasing.Bench.Datasets

open System
open System.Collections.Concurrent
open System.IO
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Runtime

/// Hashes of files' contents. Size and time of modification do not tell whether a file is what it was, so files are read,
/// but for a large one that this process has read before and whose stamp, time of change included, is as it was then.
module FileContent =
    /// Smaller files are read every time: that takes a fraction of a second.
    let private large = 64L <<< 20

    /// A file that was changed more recently may change again without another time of change.
    let private settled = TimeSpan.FromSeconds 3.

    let private known = ConcurrentDictionary<string, FileStamp * string>()

    let private read (path: string) =
        try
            use file = File.OpenRead path
            Sha256.ofStream file
        with
        | :? IOException
        | :? UnauthorizedAccessException ->
            raise (
                InputException $"{path}: the file cannot be read; check that it exists and its permissions."
            )

    /// SHA-256 of the file's content in lower-case hexadecimal. Raises InputException when it cannot be read.
    let hash (path: string) =
        let now = DateTime.UtcNow

        match FileStamp.tryTake path with
        | Some stamp when stamp.Size >= large ->
            match known.TryGetValue path with
            | true, (before, hash) when before = stamp -> hash
            | _ ->
                let hash = read path

                if now - stamp.Changed > settled && FileStamp.tryTake path = Some stamp then
                    known[path] <- (stamp, hash)

                hash
        | _ -> read path
