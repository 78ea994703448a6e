namespace CausalDebiasing.Bench.Datasets

open System.IO

/// What a description comes to on this machine.
type MedsLocation = {
    Folder: MedsFolder
    Labels: string list
    Task: string option
}

module MedsLocation =
    /// Where all is; `beside` is the folder of the description. Error says what is not there.
    let find
        (beside: string)
        (root: string option)
        (description: MedsDescription)
        : Result<MedsLocation, string> =
        let folders = beside :: Option.toList root
        let events = description.Events |> Option.defaultValue MedsFolder.standardEvents

        let opened =
            DescribedFolder.among folders description.Meds
            |> List.tryFind Directory.Exists
            |> Option.bind (fun folder -> MedsFolder.tryOpen folder events)

        match opened with
        | None ->
            Error
                $"no Parquet files of events are in {Path.Combine(description.Meds, events)} in {DescribedFolder.listed folders}; correct 'meds' or 'events', or name the folder by {DataRoot.optionName} or {DataRoot.variable}"
        | Some folder ->
            let locate = DescribedFolder.find beside folder.Path

            match description.Task, description.Labels with
            | Some task, _ ->
                locate task
                |> Result.map (fun path -> {
                    Folder = folder
                    Labels = []
                    Task = Some path
                })
            | None, labels ->
                let files =
                    match labels with
                    | Some labels -> locate labels |> Result.map MedsFolder.filesOf
                    | None -> Ok(MedsFolder.labels folder.Path)

                match files with
                | Error reason -> Error reason
                | Ok [] ->
                    Error
                        $"nothing says what to predict; name labels (subject_id, prediction_time, boolean_value) by {description.Meds}{DescribedFolder.labelsMark}FILE or a task of ACES by {description.Meds}{DescribedFolder.taskMark}FILE.yaml, or either in a description"
                | Ok files ->
                    Ok {
                        Folder = folder
                        Labels = files
                        Task = None
                    }

    /// The site of the description, else the first column that the metadata name and the data have.
    let site (folder: MedsFolder) (description: MedsDescription) =
        description.Site
        |> Option.orElseWith (fun () ->
            let columns = ParquetSchema.columns folder.Events.Head |> List.map fst

            (MedsFolder.metadata folder).SiteColumns
            |> List.tryFind (fun column -> List.contains column columns)
            |> Option.map (fun column -> { Column = Some column; Code = None }))

    /// Files and folders in it with events that are not where the standard keeps them.
    let strayEvents (folder: string) = [
        let isEvents path =
            let columns = ParquetSchema.columns path |> List.map fst

            [ "subject_id"; "time"; "code" ]
            |> List.forall (fun name -> List.contains name columns)

        for entry in Directory.GetFileSystemEntries folder |> Array.sort do
            if Directory.Exists entry || entry.EndsWith ".parquet" then
                match MedsFolder.filesOf entry, Path.GetFileName entry with
                | first :: _, NonNull name when isEvents first -> name
                | _ -> ()
    ]
