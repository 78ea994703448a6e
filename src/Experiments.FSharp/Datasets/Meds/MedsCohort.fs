namespace CausalDebiasing.Bench.Datasets

open System
open System.Collections.Generic
open CausalDebiasing.Cohorts

/// From a session with `events` and `labels` to a cohort. A row is left out when its outcome is unknown, then when no modality is
/// observed.
module MedsCohort =
    type private Row = { Subject: int64; Outcome: bool option }

    let private rows (session: DuckSession) = [|
        let rows = List<Row>()

        session.Visit "SELECT subject_id, outcome FROM labels ORDER BY row" (fun reader ->
            rows.Add {
                Subject = reader.GetInt64 0
                Outcome =
                    if reader.IsDBNull 1 then
                        None
                    else
                        Some(reader.GetBoolean 1)
            })

        yield! rows
    |]

    /// SQL of row and site.
    let private siteQuery site =
        let value, condition =
            match site with
            | { Column = Some column } ->
                let column = TableFile.identifier column
                $"CAST(e.{column} AS VARCHAR)", $"e.{column} IS NOT NULL"
            | { Code = code } ->
                let code = Option.defaultValue "" code
                $"substr(e.code, {code.Length + 1})", $"starts_with(e.code, {TableFile.literal code})"

        $"""
        SELECT l.row, max_by({value}, ({MedsCodes.moment}, {value}))
        FROM events e JOIN labels l ON e.subject_id = l.subject_id
        WHERE {MedsCodes.known} AND {condition} GROUP BY l.row"""

    let private sites (session: DuckSession) count site =
        match site with
        | None -> Array.create count "all"
        | Some site ->
            let sites = Array.create count Cohort.UnknownSite

            session.Visit (siteQuery site) (fun reader ->
                sites[reader.GetInt32 0] <-
                    match CodeText.canonical (reader.GetString 1) with
                    | "" -> Cohort.UnknownSite
                    | site -> site)

            sites

    /// The part of each subject. Raises InputException for a part that is none of the standard's.
    let private parts path =
        let parts = Dictionary<int64, int>()

        TableFile.iterate path [ "subject_id"; "split" ] (fun row cells ->
            let part =
                match cells[1] with
                | "train" -> 0
                | "tuning" -> 1
                | "held_out" -> 2
                | _ ->
                    TableError.refuseCell
                        path
                        row
                        "split"
                        "the split is none of train, tuning and held_out"
                        "correct it, or set 'split' of a description to random"

            match Int64.TryParse cells[0] with
            | true, subject -> parts[subject] <- part
            | _ ->
                TableError.refuseCell
                    path
                    row
                    "subject_id"
                    "the cell is no whole number"
                    "get the file again")

        parts

    let private split path (kept: Row[]) =
        let parts = parts path

        let ofRow row =
            match parts.TryGetValue row.Subject with
            | true, part -> part
            | _ ->
                TableError.refuse
                    path
                    "a subject with a label has no split"
                    "add all subjects, or set 'split' of a description to random"

        let found = kept |> Array.map ofRow

        for part, name in [ 0, "train"; 1, "tuning"; 2, "held_out" ] do
            if not (Array.contains part found) then
                TableError.refuse
                    path
                    $"no row with a label is of the split '{name}'"
                    "get all parts of the data, or set 'split' of a description to random"

        { Parts = found; Condition = "id" }

    let private checkUsable where (rows: Row[]) known kept (labels: float32[]) =
        if rows.Length = 0 then
            TableError.refuse where "it gives no row" "check that its codes are those of the events"

        if Array.isEmpty known then
            TableError.refuse
                where
                "no label has an outcome"
                "check 'boolean_value' of the labels, or the task"

        if Array.isEmpty kept then
            TableError.refuse
                where
                "no labelled row has an event of any modality by its prediction time"
                "check the codes of the modalities, and that labels and events are of the same subjects"

        if not (CohortAssembly.hasBothOutcomes labels) then
            TableError.refuse
                where
                $"the {labels.Length} rows do not have both outcomes"
                "choose another task; nothing can be learnt from one class"

    /// The cohort; `where` names labels or task in messages. `modalities` are drafted from the known codes where there are none.
    /// `splits` is the file of the given split. Raises InputException when nothing usable is left.
    let prepare
        where
        (session: DuckSession)
        (site: MedsSite option)
        (modalities: (string * MedsModality) list option)
        (splits: string option)
        contentHash
        : PreparedCohort =
        let rows = rows session
        let codes = MedsCodes.ofLabels session

        let modalities =
            modalities |> Option.defaultWith (fun () -> MedsDraft.modalities codes)

        let observed, never =
            MedsScan.blocks session rows.Length codes modalities
            |> List.partition (fun block -> Array.contains true block.Observed)

        let known =
            [| 0 .. rows.Length - 1 |] |> Array.filter (fun row -> rows[row].Outcome.IsSome)

        let kept =
            known
            |> Array.filter (fun row -> observed |> List.exists (fun block -> block.Observed[row]))

        let labels =
            kept |> Array.map (fun row -> if rows[row].Outcome = Some true then 1f else 0f)

        checkUsable where rows known kept labels
        let sites = sites session rows.Length site
        let ofKept f = kept |> Array.map f

        {
            Cohort =
                CohortAssembly.cohort
                    observed
                    kept
                    labels
                    (CohortAssembly.distinctNames (ofKept (fun row -> sites[row])))
                    (ofKept (fun row -> sites[row]))
                    (CohortAssembly.patientNumbers (ofKept (fun row -> $"%020d{rows[row].Subject}")))
            Exclusions = [
                {
                    Reason = "outcome unknown"
                    Rows = rows.Length - known.Length
                }
                {
                    Reason = "no modality observed"
                    Rows = known.Length - kept.Length
                }
            ]
            Absent =
                never
                |> List.map (fun block ->
                    $"{block.Modality.Name}: no row has any of it by the prediction time")
            ImplausibleValues = 0
            Split = splits |> Option.map (fun path -> split path (ofKept (fun row -> rows[row])))
            Groups = []
            ContentHash = contentHash
        }
