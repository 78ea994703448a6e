namespace CausalDebiasing.Bench.Datasets

open System
open System.IO
open CausalDebiasing.Runtime

/// A folder in the OMOP Common Data Model as a data set, by a description or by its path.
module OmopDataset =
    /// Raised by every change that alters the cohort that equal files give.
    let private readerVersion = 1

    /// Where all is that a description names.
    type private Located = {
        Folder: OmopFolder
        /// Files of labels, or of the task.
        Asked: string list
    }

    let private locate beside (root: string option) (description: OmopDescription) =
        let folders = beside :: Option.toList root

        let among (folders: string list) (path: string) =
            folders |> List.map (fun folder -> Path.Combine(folder, path))

        match among folders description.Omop |> List.tryPick OmopFolder.tryOpen with
        | None ->
            let places = folders |> List.map Path.GetFullPath |> String.concat " or "

            Error
                $"no table person or visit_occurrence (csv, csv.gz or Parquet) is in {description.Omop} in {places}; correct 'omop', or name the folder above it by {DataRoot.optionName} or {DataRoot.variable}"
        | Some folder ->
            let find path =
                match
                    among [ beside; folder.Path ] path
                    |> List.tryFind (fun path -> File.Exists path || Directory.Exists path)
                with
                | Some found -> Ok found
                | None -> Error $"{path} is neither beside the description nor in {folder.Path}; put it there"

            match OmopDescription.goal description with
            | OfStays _ -> Ok { Folder = folder; Asked = [] }
            | OfTask task -> find task |> Result.map (fun path -> { Folder = folder; Asked = [ path ] })
            | OfLabels labels ->
                match find labels |> Result.map MedsFolder.filesOf with
                | Error reason -> Error reason
                | Ok [] -> Error $"no Parquet file of labels is in {labels}; put one there"
                | Ok files -> Ok { Folder = folder; Asked = files }

    let private absent (folder: OmopFolder) modalities = [
        for table, name, start in OmopEvents.tables do
            let isWanted =
                modalities
                |> List.exists (fun (_, modality: MedsModality) ->
                    modality.Codes |> List.exists (fun code -> code.StartsWith start))

            if not (folder.Entries.ContainsKey table || isWanted) then
                $"{name}: {table} is not in {folder.Path}"
    ]

    /// The moment before which everything counts that is known at the prediction.
    let private lastMoment (row: CohortRow) =
        match row.Key.Closes with
        | Some closes -> closes.AddMicroseconds -1.
        | None -> invalidOp "A stay has a prediction time."

    let private label (session: DuckSession) (rows: CohortRow[]) =
        session.Execute
            "CREATE TABLE labels(row INTEGER, subject_id BIGINT, prediction_time TIMESTAMP, outcome BOOLEAN)"

        session.Append "labels" (fun appender ->
            for row in 0 .. rows.Length - 1 do
                appender
                    .CreateRow()
                    .AppendValue(Nullable row)
                    .AppendValue(Nullable rows[row].Key.Subject)
                    .AppendValue(Nullable(lastMoment rows[row]))
                    .AppendValue(Nullable rows[row].Outcome)
                    .EndRow())

    let private ofStays (session: DuckSession) (folder: OmopFolder) description outcome contentHash =
        let modalities = OmopDescription.modalities folder description

        let exclusions, stays =
            OmopStays.rows session folder outcome (OmopDescription.hour description)

        let ofVisit = stays |> Array.map (fun stay -> stay.Row.Key.Key, stay) |> dict

        let others (rows: CohortRow[]) =
            label session rows
            OmopEvents.ofTables session folder

            OmopStays.admission (rows |> Array.map (fun row -> ofVisit[row.Key.Key]))
            :: MedsScan.blocks session rows.Length (MedsCodes.ofLabels session) modalities,
            absent folder modalities

        EventCohort.prepare
            folder.Path
            []
            [||]
            others
            (OmopDescription.inTime description)
            (exclusions, stays |> Array.map _.Row)
            contentHash

    let private site (session: DuckSession) =
        let mutable hasSites = false
        session.Visit "SELECT 1 FROM sites LIMIT 1" (fun _ -> hasSites <- true)

        if hasSites then
            Some {
                Column = None
                Code = Some OmopEvents.careSite
            }
        else
            None

    let private ofMoments session (folder: OmopFolder) description where contentHash =
        let prepared =
            MedsCohort.prepare
                where
                session
                (site session)
                (Some(OmopDescription.modalities folder description))
                None
                contentHash

        {
            prepared with
                Absent = absent folder (OmopDescription.modalities folder description) @ prepared.Absent
        }

    let private namesAsked (task: AcesTask) =
        match AcesMoments.columns task |> List.filter ((<>) OmopEvents.nameColumn) with
        | column :: _ ->
            TableError.refuse
                task.File
                $"events of OMOP have no column '{column}'"
                $"name codes, or the column {OmopEvents.nameColumn}"
        | [] -> AcesMoments.columns task |> List.contains OmopEvents.nameColumn

    let private prepare description (located: Located) contentHash =
        use session = new DuckSession()
        let folder = located.Folder
        OmopRecords.create session folder (OmopDescription.kinds description)

        match OmopDescription.goal description with
        | OfStays outcome -> ofStays session folder description outcome contentHash
        | OfLabels _ ->
            MedsLabels.ofFiles session located.Asked
            OmopEvents.ofAll session folder true false
            ofMoments session folder description located.Asked.Head contentHash
        | OfTask _ ->
            let task = AcesTaskFile.read located.Asked.Head
            OmopEvents.ofAll session folder false (namesAsked task)
            MedsLabels.ofTask session task
            ofMoments session folder description task.File contentHash

    let private absence name reason =
        $"Data set '{name}' is not present: {reason}."

    /// The description without the names of files, whose contents count.
    let private content description =
        let unnamed = Option.map (fun _ -> "file")

        OmopDescription.write {
            description with
                Name = ""
                Title = None
                Licence = None
                Omop = ""
                Labels = unnamed description.Labels
                Task = unnamed description.Task
        }

    let private load name beside description (access: DataAccess) =
        match locate beside access.Root description with
        | Error reason -> raise (InputException(absence name reason))
        | Ok located ->
            let label = $"omop {readerVersion}"
            let text = content description

            let tables =
                [
                    yield! OmopRecords.tables
                    for table, _, _ in OmopEvents.tables do
                        table

                    match OmopDescription.goal description with
                    | OfTask _ -> OmopRecords.vocabulary
                    | _ -> ()
                ]
                |> List.collect (fun table ->
                    OmopFolder.files located.Folder table |> List.map (fun path -> table, path))

            // Which file is of which table counts, too.
            let roles = tables |> List.map fst |> String.concat " "

            PreparedCohort.load
                access
                description.Name
                [ label; text; roles ]
                (List.map snd tables @ located.Asked)
                (fun hashes ->
                    prepare description located (CohortCache.key (label :: text :: roles :: hashes)))

    let private dataset name beside (description: OmopDescription) : Dataset = {
        Name = name
        Title = description.Title |> Option.defaultValue $"OMOP CDM folder {description.Name}"
        Licence = description.Licence |> Option.defaultValue "licence not stated"
        Source = None
        Status =
            fun root ->
                match locate beside root description with
                | Ok located -> Present located.Folder.Path
                | Error reason -> Absent(absence name reason)
        Load = load name beside description
        Division = Own
    }

    /// The description in the file, as a data set named by the path. Raises InputException when it cannot be read or contradicts
    /// itself.
    let ofFile (path: string) =
        dataset path (FileName.folderOf path) (OmopDescription.parse path (File.ReadAllText path))

    /// A folder of OMOP, also with options; see `OmopName`. None when there is no such folder. Raises InputException for an archive,
    /// and for options that do not exist.
    let tryFind (name: string) : Dataset option =
        name.Split '@' |> Array.head |> OmopFolder.refuseArchive
        OmopName.tryParse name |> Option.map (dataset name ".")
