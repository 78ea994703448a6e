namespace CausalDebiasing.Bench.Datasets

open System

/// The cohort of a folder in the OMOP Common Data Model: stays in hospital, or moments of labels or a task.
module OmopCohort =
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

    /// Reads the records, for stays, labels or a task.
    let prepare description (located: OmopLocation) contentHash =
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
