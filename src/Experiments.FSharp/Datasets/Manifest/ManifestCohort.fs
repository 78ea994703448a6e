namespace CausalDebiasing.Bench.Datasets

open System
open System.Collections.Generic
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime

/// From a manifest's rows to a cohort. A row is left out when its outcome is unknown, then when no modality is observed.
module ManifestCohort =
    let private refuse (where: string) problem remedy =
        raise (InputException $"{where}: {problem}; {remedy}.")

    let private label (row: ManifestRow) =
        if row.Outcome = Some true then 1f else 0f

    let private checkOnePart (column: string) (rows: ManifestRow[]) =
        let first = Dictionary<string, ManifestRow>()

        for row in rows do
            match first.TryGetValue row.Patient with
            | true, other when other.Part <> row.Part ->
                TableError.refuseCell
                    row.Place.File
                    row.Place.Row
                    column
                    $"the patient is in another part in row {other.Place.Row} of {other.Place.File}"
                    "put all rows of a patient into one part"
            | true, _ -> ()
            | _ -> first[row.Patient] <- row

    /// Patients by their last row's time: the latest for testing, those before for validation.
    let private partsInTime (rows: ManifestRow[]) =
        let last =
            rows
            |> Array.groupBy _.Patient
            |> Array.map (fun (patient, rows) -> (rows |> Array.map _.Time |> Array.max), patient)
            |> Array.sortWith (fun (time, name) (time', name') ->
                match compare time time' with
                | 0 -> String.CompareOrdinal(name, name')
                | order -> order)
            |> Array.map snd

        let count share =
            int (Math.Round(share * float last.Length))

        let validation, test =
            count (fst DatasetSplit.shares), count (snd DatasetSplit.shares)

        let part rank =
            if rank >= last.Length - test then 2
            elif rank >= last.Length - test - validation then 1
            else 0

        let parts = last |> Array.mapi (fun rank name -> name, part rank) |> dict
        rows |> Array.map (fun row -> parts[row.Patient])

    let private split (manifest: Manifest) rows =
        match manifest.Split, manifest.Time with
        | Some column, _ ->
            checkOnePart column rows

            Some {
                Parts = rows |> Array.map _.Part
                Condition = "id"
            }
        | None, Some _ ->
            Some {
                Parts = partsInTime rows
                Condition = "later"
            }
        | None, None -> None

    /// The modality of the columns.
    let private block (table: ManifestTable) name (columns: string list) =
        let features = columns |> List.map (fun column -> table.Features[column])
        let rows = [| 0 .. table.Rows.Length - 1 |]

        {
            Modality = Modality.Tabular(name, features |> List.sumBy _.Width)
            Values =
                rows
                |> Array.collect (fun row ->
                    features |> List.map (fun feature -> feature.Features row) |> Array.concat)
            Observed =
                rows
                |> Array.map (fun row -> features |> List.exists (fun feature -> feature.IsObserved row))
            Implausible = 0
        }

    let private cohort (table: ManifestTable) blocks (kept: int[]) =
        let rows = kept |> Array.map (fun row -> table.Rows[row])
        let sites = rows |> Array.map _.Site

        CohortAssembly.cohort
            blocks
            kept
            (rows |> Array.map label)
            (Array.distinct sites)
            sites
            (CohortAssembly.patientNumbers (rows |> Array.map _.Patient))

    let private checkUsable
        where
        (manifest: Manifest)
        (table: ManifestTable)
        (blocks: ModalityBlock list)
        (known: int[])
        (kept: int[])
        =
        if known.Length = 0 then
            refuse
                where
                $"the outcome in column '{manifest.Outcome.Column}' is missing in every row"
                "check the column and the codes under 'missing'"

        if kept.Length = 0 then
            refuse
                where
                "every row misses every modality"
                "check the codes under 'missing' and the columns of the modalities"

        if not (CohortAssembly.hasBothOutcomes (kept |> Array.map (fun row -> label table.Rows[row]))) then
            refuse
                where
                $"the {kept.Length} rows do not have both outcomes in column '{manifest.Outcome.Column}'"
                "check 'positive'; nothing can be learnt from one class"

        for block in blocks do
            if not (Array.exists (fun row -> block.Observed[row]) kept) then
                refuse
                    where
                    $"modality '{block.Modality.Name}' is never observed"
                    "check its columns and their missing codes, or remove it"

    /// The cohort of the rows; its content hash is left to the caller. `located` gives the path of a linked file. Raises
    /// InputException when nothing usable is left, a linked file does not hold what the manifest says, a modality is never observed, there is one outcome only, or a patient is in two parts of the split.
    let prepare
        where
        (manifest: Manifest)
        (table: ManifestTable)
        (located: string -> string)
        contentHash
        : PreparedCohort =
        let all = [| 0 .. table.Rows.Length - 1 |]
        let known = all |> Array.filter (fun row -> table.Rows[row].Outcome.IsSome)

        let blocks = [
            for pair in manifest.Modalities ->
                match pair.Value with
                | Columns columns -> block table pair.Key columns
                | Linked linked ->
                    LinkedModality.read where manifest table (located linked.File) pair.Key linked
        ]

        let kept =
            known
            |> Array.filter (fun row -> blocks |> List.exists (fun block -> block.Observed[row]))

        checkUsable where manifest table blocks known kept

        {
            Cohort = cohort table blocks kept
            Exclusions = [
                {
                    Reason = "outcome unknown"
                    Rows = all.Length - known.Length
                }
                {
                    Reason = "no modality observed"
                    Rows = known.Length - kept.Length
                }
            ]
            Absent = []
            ImplausibleValues = 0
            Split = split manifest (kept |> Array.map (fun row -> table.Rows[row]))
            Groups = table.Groups |> List.map (PatientGroups.select kept)
            ContentHash = contentHash
        }
