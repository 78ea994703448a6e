namespace CausalDebiasing.Bench.Datasets

open System
open System.IO
open CausalDebiasing.Runtime

/// A folder of events or records as a data set, by a description or by its path; its files may be elsewhere than on this machine.
type DescribedFolder<'located> = {
    /// What it is named by.
    Name: string
    Title: string
    Licence: string option
    /// Where its files are, by the data root. Error says what is not there, and what to do.
    Locate: string option -> Result<'located, string>
    FolderOf: 'located -> string
    Load: DataAccess -> 'located -> LoadedCohort
}

module DescribedFolder =
    /// What stands before the labels or the task in the name of a data set.
    let labelsMark, taskMark = "@labels:", "@task:"

    let private splitAt (mark: string) (name: string) =
        match name.IndexOf(mark, StringComparison.Ordinal) with
        | -1 -> name, None
        | at -> name.Substring(0, at), Some(name.Substring(at + mark.Length))

    /// The name without labels and task, then those.
    let parseName name =
        let rest, task = splitAt taskMark name
        let rest, labels = splitAt labelsMark rest
        rest, labels, task

    /// The path in each of the folders.
    let among (folders: string list) (path: string) =
        folders |> List.map (fun folder -> Path.Combine(folder, path))

    /// All of the folders, for a message.
    let listed (folders: string list) =
        folders |> List.map Path.GetFullPath |> String.concat " or "

    /// A file or folder beside the description, else in the folder that it describes.
    let find beside folder path =
        match
            among [ beside; folder ] path
            |> List.tryFind (fun path -> File.Exists path || Directory.Exists path)
        with
        | Some found -> Ok found
        | None -> Error $"{path} is neither beside the description nor in {folder}; put it there"

    let dataset (described: DescribedFolder<'located>) : Dataset =
        let absence reason =
            $"Data set '{described.Name}' is not present: {reason}."

        {
            Name = described.Name
            Title = described.Title
            Licence = described.Licence |> Option.defaultValue "licence not stated"
            Source = None
            Status =
                fun root ->
                    match described.Locate root with
                    | Ok located -> Present(described.FolderOf located)
                    | Error reason -> Absent(absence reason)
            Load =
                fun access ->
                    match described.Locate access.Root with
                    | Ok located -> described.Load access located
                    | Error reason -> raise (InputException(absence reason))
            Division = Own
        }
