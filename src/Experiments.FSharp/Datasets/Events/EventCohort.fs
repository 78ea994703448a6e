namespace CausalDebiasing.Bench.Datasets

open System
open System.Collections.Generic
open System.IO
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime
open MathNet.Numerics
open MathNet.Numerics.Random

/// Cohorts from official tables: a row per stay or admission with demographics, and the modalities of event tables.
module EventCohort =
    /// From `folder`: files of the scans' tables that are there.
    let files folder scans =
        scans
        |> List.choose (fun scan -> ClinicalTable.tryLocate folder scan.Table.Name)
        |> List.distinct

    let private absent folder scan =
        let names = EventScan.modalities scan |> String.concat ", "
        $"{names}: {scan.Table.Name} is not in {folder}"

    let private neverObserved modality =
        $"{modality.Modality.Name}: no row has any of it by the prediction time"

    let private demographics (rows: CohortRow[]) = {
        Modality = Modality.Tabular("demographics", rows[0].Demographics.Length)
        Values = rows |> Array.collect _.Demographics
        Observed =
            rows
            |> Array.map (fun row -> Array.exists (Single.IsNaN >> not) row.Demographics)
        Implausible = 0
    }

    let private assemble (rows: CohortRow[]) (modalities: ModalityBlock list) (kept: int[]) =
        let patients = CohortAssembly.patientNumbers (rows |> Array.map _.Patient)

        let ofRows f =
            kept |> Array.map (fun row -> f rows[row])

        CohortAssembly.cohort
            modalities
            kept
            (ofRows (fun row -> if row.Outcome then 1f else 0f))
            (CohortAssembly.distinctNames (rows |> Array.map _.Site))
            (ofRows _.Site)
            (kept |> Array.map (fun row -> patients[row]))

    let private checkUsable folder (cohort: Cohort) =
        if not (CohortAssembly.hasBothOutcomes (cohort.Labels.ToArray())) then
            TableError.refuse
                folder
                $"the {cohort.Count} rows with a known outcome do not have both outcomes"
                "restore the official files, or choose another task"

    /// Later rows for testing; of the patients before, one in eight for validation, with equal prevalence.
    let private partsInTime (rows: CohortRow[]) =
        let random = Xoshiro256StarStar(Seed(0UL).Derive("validation in time").ToInt32())

        let earlier = rows |> Array.filter (fun row -> not row.Later)

        let withEvent =
            HashSet(earlier |> Seq.filter _.Outcome |> Seq.map (fun (row: CohortRow) -> row.Patient))

        let validation =
            earlier
            |> Array.map _.Patient
            |> CohortAssembly.distinctNames
            |> Array.partition withEvent.Contains
            |> fun (events, others) -> [ events; others ]
            |> Seq.collect (fun patients ->
                Combinatorics.SelectPermutationInplace(patients, random)
                Array.truncate (patients.Length / 8) patients)
            |> HashSet

        rows
        |> Array.map (fun row ->
            if row.Later then 2
            elif validation.Contains row.Patient then 1
            else 0)

    let private dropEarlier (rows: CohortRow[]) =
        let later =
            HashSet(rows |> Seq.filter _.Later |> Seq.map (fun (row: CohortRow) -> row.Patient))

        CohortRow.exclude
            [
                "earlier row of a patient of the later period",
                fun row -> not row.Later && later.Contains row.Patient
            ]
            rows

    /// Reads the events of the rows. `history`: discharge of every admission, where scans ask for it. `others` gives modalities that come from elsewhere and says which are absent;
    /// `inTime`: train on the earlier period and test on the later one. Tables that are not there, and modalities that
    /// no row has, are said on the card. Raises InputException when tables are malformed, no row is left, or all
    /// outcomes are equal.
    let prepare
        folder
        scans
        (history: (int64 * DateTime)[])
        (others: CohortRow[] -> ModalityBlock list * string list)
        inTime
        (exclusions: Exclusion list, rows: CohortRow[])
        contentHash
        : PreparedCohort =
        let dropped, rows = if inTime then dropEarlier rows else [], rows

        if rows.Length = 0 then
            TableError.refuse folder "no row is left for this task" "restore the official files"

        use session = new EventSession(rows |> Array.map _.Key, history)

        let scanned, missing =
            (([], []), scans)
            ||> List.fold (fun (modalities, missing) scan ->
                match ClinicalTable.tryLocate folder scan.Table.Name with
                | Some path -> modalities @ session.Scan path scan, missing
                | None -> modalities, missing @ [ absent folder scan ])

        let more, missingToo = others rows

        let observed, never =
            demographics rows :: scanned @ more
            |> List.partition (fun modality -> Array.contains true modality.Observed)

        let kept =
            [| 0 .. rows.Length - 1 |]
            |> Array.filter (fun row -> observed |> List.exists _.Observed[row])

        if kept.Length = 0 then
            TableError.refuse folder "every row misses every modality" "restore the official files"

        let cohort = assemble rows observed kept
        checkUsable folder cohort

        {
            Cohort = cohort
            Exclusions =
                exclusions
                @ dropped
                @ [
                    {
                        Reason = "no modality observed"
                        Rows = rows.Length - kept.Length
                    }
                ]
            Absent = missing @ missingToo @ List.map neverObserved never
            ImplausibleValues = observed |> List.sumBy _.Implausible
            Split =
                if inTime then
                    Some {
                        Parts = partsInTime (kept |> Array.map (fun row -> rows[row]))
                        Condition = "later"
                    }
                else
                    None
            Groups = []
            ContentHash = contentHash
        }
