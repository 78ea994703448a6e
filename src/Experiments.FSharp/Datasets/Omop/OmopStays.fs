namespace CausalDebiasing.Bench.Datasets

open System
open System.Collections.Generic
open CausalDebiasing.Cohorts

/// What is predicted of a stay.
type OmopOutcome =
    /// Death in hospital, at an hour after admission, of the stays that go on.
    | StayDeath
    /// Another stay within 15 days of discharge, at an hour after admission, of the stays that go on and end alive.
    | StayReadmission

/// A stay that becomes a row, and what is known of it at admission.
type OmopStay = {
    Row: CohortRow
    Kind: int64
    AdmittedFrom: int64 option
}

/// Visits of the kinds that are stays as rows. Needs the tables of `OmopRecords` in the session.
module OmopStays =
    let private readmissionDays = 15

    type private Visit = {
        Stay: OmopStay
        Age: float32
        OutOfOrder: bool
        /// Discharge or death, the earliest moment that it can have been.
        Ended: DateTime option
        IsOpen: bool
        Died: bool
        Readmitted: bool
    }

    /// Died in the stay: so discharged; or dead on a day of the stay, which on its last day holds only where no other place is
    /// recorded that the patient was discharged to.
    let private diedIn =
        $"""(coalesce(v.discharged IN ({OmopConcepts.listed OmopConcepts.died}), false)
            OR coalesce(d.day >= v.first_day AND (d.day < v.last_day OR d.day = v.last_day AND v.discharged IS NULL), false))"""

    let private query =
        $"""
        WITH stays AS (SELECT * FROM visits WHERE kind IN (SELECT kind FROM kinds)),
        dead AS (SELECT person_id, min(day) AS day, min(earliest) AS earliest FROM deaths GROUP BY person_id),
        again AS (
            SELECT v.visit_id FROM stays v JOIN stays n ON v.person_id = n.person_id
            WHERE n.opened > v.opened AND n.opened >= v.closed AND n.opened <= v.closed + to_days({readmissionDays})
            GROUP BY v.visit_id)
        SELECT v.visit_id, v.person_id, v.kind, v.admitted, v.opened, coalesce(s.name, ''),
            date_sub('year', p.birth, v.opened), p.gender, p.race, p.ethnicity,
            coalesce(v.last_day < v.first_day
                OR v.closed < v.opened AND CAST(v.closed AS TIME) <> TIME '00:00:00', false),
            least(v.closed, CASE WHEN {diedIn} AND d.day >= v.first_day THEN greatest(d.earliest, v.opened) END), v.is_open, {diedIn},
            a.visit_id IS NOT NULL
        FROM stays v JOIN people p ON v.person_id = p.person_id
        LEFT JOIN sites s ON v.site = s.site LEFT JOIN dead d ON v.person_id = d.person_id
        LEFT JOIN again a ON v.visit_id = a.visit_id
        ORDER BY v.person_id, v.opened, v.visit_id"""

    let private visits (session: DuckSession) hour =
        let visits = List<Visit>()

        session.Visit query (fun reader ->
            let whole i =
                if reader.IsDBNull i then None else Some(reader.GetInt64 i)

            let age = whole 6 |> Option.map float32 |> Option.defaultValue nanf

            let indicator concept value = if Some concept = value then 1f else 0f

            let either yes no value =
                if value = Some yes then 1f
                elif value = Some no then 0f
                else nanf

            let opened = reader.GetDateTime 4
            let site = CodeText.canonical (reader.GetString 5)

            visits.Add {
                Stay = {
                    Row = {
                        Key = {
                            Key = reader.GetInt64 0
                            Subject = reader.GetInt64 1
                            Opened = Some opened
                            Closes = Some(opened.AddHours(float (hour: int)))
                        }
                        Patient = $"%020d{reader.GetInt64 1}"
                        Site = if site = "" then Cohort.UnknownSite else site
                        Outcome = false
                        Demographics = [|
                            age
                            either OmopConcepts.male OmopConcepts.female (whole 7)
                            either OmopConcepts.hispanic OmopConcepts.notHispanic (whole 9)
                            for race in OmopConcepts.races do
                                indicator race (whole 8)
                        |]
                        Later = false
                    }
                    Kind = reader.GetInt64 2
                    AdmittedFrom = whole 3
                }
                Age = age
                OutOfOrder = reader.GetBoolean 10
                Ended =
                    if reader.IsDBNull 11 then
                        None
                    else
                        Some(reader.GetDateTime 11)
                IsOpen = reader.GetBoolean 12
                Died = reader.GetBoolean 13
                Readmitted = reader.GetBoolean 14
            })

        visits.ToArray()

    let private checkOrder (folder: OmopFolder) (visits: Visit[]) =
        let wrong = visits |> Array.filter _.OutOfOrder |> Array.length

        if float wrong > CohortRow.tolerated * float visits.Length then
            TableError.refuse
                folder.Path
                $"{wrong} of {visits.Length} stays of the table 'visit_occurrence' end before they begin"
                "correct visit_start and visit_end"

    let private steps outcome hour = [
        "discharged before admitted", _.OutOfOrder
        "younger than 18", (fun visit -> visit.Age < 18f)

        $"stay over by hour {hour}",
        (fun visit ->
            visit.Ended
            |> Option.exists (fun ended -> Some ended < visit.Stay.Row.Key.Closes))

        "outcome unknown", _.IsOpen

        if outcome = StayReadmission then
            "died in hospital", _.Died
    ]

    /// The latest fifth by admission.
    let private markLater (stays: OmopStay[]) =
        let moments = stays |> Array.map _.Row.Key.Opened |> Array.sort

        stays
        |> Array.map (fun stay -> {
            stay with
                Row.Later = stay.Row.Key.Opened >= moments[4 * moments.Length / 5]
        })

    /// The rows of the task at `hour` after admission, and those that were left out. Raises InputException when no stay is left,
    /// dates are out of order, or nothing says who died.
    let rows (session: DuckSession) (folder: OmopFolder) outcome hour =
        if not (OmopRecords.hasDeaths folder) then
            TableError.refuse
                folder.Path
                "neither a table 'death' nor a column 'discharged_to_concept_id' of visit_occurrence (5.3: discharge_to_concept_id) says who died"
                "add one of them"

        let all = visits session hour
        checkOrder folder all
        let exclusions, kept = CohortRow.exclude (steps outcome hour) all

        if kept.Length = 0 then
            TableError.refuse
                folder.Path
                $"no stay is left for this task, of {all.Length} visits that are stays"
                "name the kinds of visits under 'visits' of a description (data init), or an earlier hour"

        let kept =
            kept
            |> Array.map (fun visit -> {
                visit.Stay with
                    Row.Outcome =
                        match outcome with
                        | StayDeath -> visit.Died
                        | StayReadmission -> visit.Readmitted
            })
            |> markLater

        let isUnknown stay = stay.Row.Site = Cohort.UnknownSite

        exclusions,
        if Array.forall isUnknown kept then
            kept |> Array.map (fun stay -> { stay with Row.Site = "all" })
        else
            kept

    /// What kind of visit it is and where the patient came from, both known at admission.
    let admission (stays: OmopStay[]) : ModalityBlock =
        let codes =
            stays
            |> Array.map (fun stay -> [|
                if stay.Kind <> 0L then
                    0, stay.Kind
                match stay.AdmittedFrom with
                | Some place -> 1, place
                | None -> ()
            |])

        let numbers =
            codes
            |> Array.concat
            |> Array.distinct
            |> Array.sort
            |> Array.mapi (fun i code -> code, float32 (i + 1))
            |> dict

        {
            Modality = Modality.Codes("visit", 2, max 1 numbers.Count)
            Values =
                codes
                |> Array.collect (fun codes -> [|
                    for slot in 0..1 -> if slot < codes.Length then numbers[codes[slot]] else 0f
                |])
            Observed = codes |> Array.map (Array.isEmpty >> not)
            Implausible = 0
        }
