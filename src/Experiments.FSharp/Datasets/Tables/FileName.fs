namespace CausalDebiasing.Bench.Datasets

open System
open System.IO
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Runtime

/// Names of data sets, sites and experiments as names of files.
module FileName =
    /// File systems take 255 bytes, and endings are added.
    let private longest = 100

    let private hash (name: string) = (Sha256.ofText name).Substring(0, 8)

    let private isPlain letter =
        Char.IsAsciiLetterOrDigit letter || letter = '-' || letter = '_' || letter = '.'

    /// The name where every system takes it as that of a file in a folder; otherwise its plain letters, with a few digits that
    /// tell it from other names. Never a path.
    let safe (name: string) =
        let plain =
            (name |> String.map (fun letter -> if isPlain letter then letter else '-')).Trim([| '.'; '-' |])

        if name <> "" && plain = name && plain.Length <= longest then
            name
        else
            let start = plain.Substring(0, min plain.Length longest).Trim([| '.'; '-' |])
            if start = "" then hash name else $"{start}-{hash name}"

    /// The last part of a folder's path as the name of a file; `other` for a root.
    let ofFolder (other: string) (folder: string) =
        match Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath folder)) with
        | null
        | "" -> other
        | name -> safe name

    /// The folder of a file, "." where its path names none.
    let folderOf (path: string) =
        match Path.GetDirectoryName path with
        | null
        | "" -> "."
        | folder -> folder

    let private longestName = 100

    /// Raises InputException when the `name` that a description gives a data set cannot name files; `where` is the description.
    let check (where: string) (name: string) =
        let refuse problem remedy =
            raise (InputException $"{where}: {problem}; {remedy}.")

        let isBad =
            String.IsNullOrWhiteSpace name
            || name.StartsWith '.'
            || name.IndexOfAny [| '/'; '\\'; ':' |] >= 0
            || Seq.exists Char.IsControl name

        if isBad then
            refuse
                "'name' cannot name files"
                "give one without '/', '\\' and ':' that does not begin with a dot"

        if name.Length > longestName then
            refuse $"'name' has {name.Length} characters" $"give at most {longestName}"
