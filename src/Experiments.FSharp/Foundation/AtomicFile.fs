namespace CausalDebiasing.Bench.Foundation

open System.IO

/// Files that are either whole or absent, whatever interrupts the writing; another process sees the old one or the new one.
module AtomicFile =
    /// What a killed process may leave behind has this ending.
    let leftovers = "*.tmp"

    /// Lets `write` fill a temporary neighbour of the path and renames it; creates the folder.
    let write (path: string) (write: string -> unit) =
        let file = FileInfo path
        let folder = string file.DirectoryName
        Directory.CreateDirectory folder |> ignore

        let temporary = Path.Combine(folder, $".{file.Name}.{Path.GetRandomFileName()}.tmp")

        try
            write temporary
            File.Move(temporary, path, overwrite = true)
        finally
            File.Delete temporary

    /// Writes text as UTF-8 without a byte order mark.
    let writeText path (text: string) =
        write path (fun temporary -> File.WriteAllText(temporary, text))
