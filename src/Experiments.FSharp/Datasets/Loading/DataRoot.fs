namespace CausalDebiasing.Bench.Datasets

open System
open System.IO
open CausalDebiasing.Runtime

/// What a data set needs on disk and where a user gets it.
type DataRequirement = {
    /// Name on the command line and of the folder under the data root.
    Name: string
    /// Official title.
    Title: string
    Licence: string
    /// Page from which the official files come.
    Source: string
    /// Each entry is needed; of the alternatives in an entry any one is enough. Folders end in '/'.
    Files: string list list
}

/// Whether a data set can be read.
type DatasetStatus =
    /// The folder that holds its files.
    | Present of path: string
    /// One line: what was looked for, where, and how to get it.
    | Absent of reason: string

module DatasetStatus =
    /// The folder. Raises InputException with the reason when there is none.
    let require status =
        match status with
        | Present folder -> folder
        | Absent reason -> raise (InputException reason)

/// Where data live: the option --data-root, else the environment variable CAUSALDEBIAS_DATA, else nowhere.
module DataRoot =
    let optionName = "--data-root"
    let variable = "CAUSALDEBIAS_DATA"

    let private existing source path =
        if Directory.Exists path then
            Path.GetFullPath path
        else
            raise (
                InputException
                    $"{source} names the folder '{path}', which does not exist; correct or unset it."
            )

    /// The data root, or None when neither the option nor the variable is given; empty counts as not given.
    /// Raises InputException when the folder that is given does not exist.
    let resolve (optionValue: string option) =
        let given value =
            value |> Option.filter (String.IsNullOrWhiteSpace >> not)

        match given optionValue, given (Option.ofObj (Environment.GetEnvironmentVariable variable)) with
        | Some path, _ -> Some(existing $"Option {optionName}" path)
        | None, Some path -> Some(existing $"Environment variable {variable}" path)
        | None, None -> None

    let private exists folder (name: string) =
        let path = Path.Combine(folder, name.TrimEnd '/')

        if name.EndsWith '/' then
            Directory.Exists path
        else
            File.Exists path

    let private listed (files: string list list) =
        files |> List.map (String.concat " or ") |> String.concat " and "

    /// Whether all of the data set's files are under the root.
    let status (root: string option) requirement =
        let remedy folder =
            $"get '{requirement.Title}' ({requirement.Licence}) from {requirement.Source} "
            + $"and put {listed requirement.Files} into {folder}"

        match root with
        | None ->
            Absent(
                $"Data set '{requirement.Name}' is not present: no data root is given; {remedy (requirement.Name + string '/')} "
                + $"under a folder named by {optionName} or {variable}."
            )
        | Some root ->
            let folder = Path.Combine(root, requirement.Name)

            match requirement.Files |> List.filter (List.exists (exists folder) >> not) with
            | [] -> Present folder
            | missing ->
                Absent
                    $"Data set '{requirement.Name}' is not present: {folder} lacks {listed missing}; {remedy folder}."
