namespace CausalDebiasing.Bench.Datasets

open System
open System.IO
open CausalDebiasing.Runtime

/// Options of a folder in its name: "my-omop@hour:12@readmission@time", "my-omop@task:FILE.yaml", "my-omop@labels:FILE".
module OmopName =
    let private hourMark = "hour:"

    let private refuse name option =
        raise (
            InputException
                $"Data set '{name}': '@{option}' is no option of it; write @hour:H with H from 1 to 240, @readmission, @time, @labels:FILE, @task:FILE.yaml, @folds:K or @site:SITE."
        )

    let private apply name (description: OmopDescription) (option: string) =
        match option with
        | "time" -> { description with Split = Some "time" }
        | "readmission" -> {
            description with
                Outcome = Some "readmission"
          }
        | _ when option.StartsWith(hourMark, StringComparison.Ordinal) ->
            match Int32.TryParse(option.Substring hourMark.Length) with
            | true, hour when hour >= 1 && hour <= 240 -> { description with Hour = Some hour }
            | _ -> refuse name option
        | _ -> refuse name option

    let private fileName (path: string) =
        path |> Path.GetFileName |> Option.ofObj |> Option.defaultValue path

    /// The folder and its options; none where no such folder holds tables of OMOP. Raises InputException for options that do not
    /// exist or contradict each other.
    let tryParse (name: string) : OmopDescription option =
        let rest, labels, task = DescribedFolder.parseName name

        let folder, options =
            if Directory.Exists rest then
                rest, []
            else
                match List.ofArray (rest.Split '@') with
                | folder :: options -> folder, options
                | [] -> rest, []

        OmopFolder.tryOpen folder
        |> Option.map (fun _ ->
            let described = options |> List.fold (apply name) (OmopDescription.ofFolder folder)

            let suffix = [
                for option in options do
                    "@" + option

                match task, labels with
                | Some file, _ -> DescribedFolder.taskMark + fileName file
                | _, Some file -> DescribedFolder.labelsMark + fileName file
                | None, None -> ()
            ]

            OmopDescription.check name {
                described with
                    Name = described.Name + String.concat "" suffix
                    Labels = labels
                    Task = task
            })
