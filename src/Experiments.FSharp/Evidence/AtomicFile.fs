namespace CausalDebiasing.Bench.Evidence

open System.IO

/// Files that are either whole or absent, whatever interrupts the writing.
module AtomicFile =
    /// Lets <paramref name="write"/> fill a temporary neighbour of the path and renames it; creates the folder.
    let write (path: string) (write: string -> unit) =
        let file = FileInfo path
        Directory.CreateDirectory(string file.DirectoryName) |> ignore

        let partial =
            Path.Combine(string file.DirectoryName, $".{file.Name}.partial{file.Extension}")

        write partial
        File.Move(partial, path, overwrite = true)

    /// Writes text as UTF-8 without a byte order mark.
    let writeText path (text: string) =
        write path (fun partial -> File.WriteAllText(partial, text))
