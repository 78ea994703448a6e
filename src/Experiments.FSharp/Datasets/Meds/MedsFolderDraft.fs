namespace CausalDebiasing.Bench.Datasets

open System
open System.Collections.Generic

/// A first description of a folder, by looking at its files and codes; a person has to correct it.
module MedsFolderDraft =
    /// Columns that differ from the standard's: a lone column of numbers for numeric_value.
    let private renamed (folder: MedsFolder) =
        let columns = ParquetSchema.columns folder.Events.Head
        let isNumber (found: string) = found = "FLOAT" || found = "DOUBLE"

        match columns |> List.filter (snd >> isNumber) |> List.map fst with
        | [ column ] when
            column <> "numeric_value"
            && not (List.exists (fst >> (=) "numeric_value") columns)
            ->
            Some(Map [ "numeric_value", column ])
        | _ -> None

    /// Whether metadata and data have the three parts.
    let private hasSplits (session: DuckSession) (folder: MedsFolder) =
        match folder.Splits with
        | None -> false
        | Some path ->
            let found = HashSet<string>()

            session.Visit
                $"""
                SELECT DISTINCT s.split FROM {TableFile.source id path} s
                SEMI JOIN events e ON s.subject_id = e.subject_id"""
                (fun reader -> found.Add(reader.GetString 0) |> ignore)

            found.IsSupersetOf [ "train"; "tuning"; "held_out" ]

    /// A first description of the folder, and lines on what was guessed or must be asked; `outcome` is a file of labels or a task.
    /// Raises InputException when the folder holds no events.
    let draft (folder: string) (outcome: string option) : MedsDescription * string list =
        let opened, events =
            match MedsFolder.tryOpen folder MedsFolder.standardEvents with
            | Some opened -> opened, None
            | None ->
                match MedsLocation.strayEvents folder with
                | [ events ] -> (MedsFolder.tryOpen folder events).Value, Some events
                | [] ->
                    TableError.refuse
                        folder
                        "it holds no Parquet files of events (subject_id, time, code)"
                        "name a table, or a folder in the Medical Event Data Standard"
                | several ->
                    TableError.refuse
                        folder
                        $"""its events are in {String.concat ", " several}"""
                        $"move them into one folder, best {MedsFolder.standardEvents}"

        use session = new DuckSession()
        let columns = renamed opened

        let isTask (path: string) =
            path.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase)
            || path.EndsWith(".yml", StringComparison.OrdinalIgnoreCase)

        MedsEvents.guarded opened (fun () ->
            MedsEvents.createView session opened (Option.defaultValue Map.empty columns) []
            let modalities = MedsDraft.modalities (MedsCodes.all session)
            let isSplit = hasSplits session opened
            let metadata = MedsFolder.metadata opened
            let drafted = OrderedDictionary<string, MedsModality>()

            for name, modality in modalities do
                drafted.Add(name, modality)

            {
                MedsDescription.ofFolder folder with
                    Title = metadata.Title
                    Licence = metadata.Licence
                    Events = events
                    Columns = columns
                    Labels = outcome |> Option.filter (isTask >> not)
                    Task = outcome |> Option.filter isTask
                    Split =
                        if opened.Splits.IsSome && not isSplit then
                            Some "random"
                        else
                            None
                    Site = MedsLocation.site opened (MedsDescription.ofFolder folder)
                    Modalities = Some drafted
            },
            [
                $"Events: {opened.Events.Length} Parquet files."
                match columns with
                | Some columns -> $"""Numbers: column '{columns["numeric_value"]}' (guessed)."""
                | None -> ()
                match outcome with
                | Some path -> $"Outcome: {path}."
                | None when (MedsFolder.labels opened.Path).IsEmpty ->
                    "Question: what is to be predicted? Name labels (subject_id, prediction_time, boolean_value) under 'labels', or a task of ACES under 'task'."
                | None -> "Outcome: the files of the folder labels."
                match opened.Splits with
                | Some _ when isSplit -> "Parts: metadata/subject_splits.parquet."
                | Some _ ->
                    "Parts: at random by patient, since not all parts of metadata/subject_splits.parquet are in the data."
                | None -> "Parts: at random by patient."
                "Modalities: codes that begin alike are together; remove what tells the outcome."
            ])
