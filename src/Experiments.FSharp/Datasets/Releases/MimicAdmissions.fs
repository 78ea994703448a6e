namespace CausalDebiasing.Bench.Datasets

open System
open System.Collections.Generic

/// What is predicted in MIMIC-IV, and what is known then.
type MimicTask =
    /// Death in hospital, at an hour after admission, of the admissions that go on.
    | HospitalDeath
    /// Another admission within 15 days of discharge, at an hour after admission, of the admissions that go on and
    /// end alive.
    | EarlyReadmission
    /// As in the protocol of MUSE (Wu et al., ICLR 2024): death within 90 days of discharge, at discharge, of stays of
    /// at most 10 days that end alive, with everything recorded on the admission, billing codes included.
    | DeathAfterDischarge
    /// As in the protocol of MUSE: another admission within 15 days of discharge, at discharge.
    | ReadmissionAfterDischarge

    /// Whether all of the admission is known.
    member task.AtDischarge =
        task = DeathAfterDischarge || task = ReadmissionAfterDischarge

/// Admissions of the official tables `patients` and `admissions` as rows; the site is the period of admission.
module MimicAdmissions =
    let patientTable = "hosp/patients"
    let admissionTable = "hosp/admissions"

    type private Person = {
        Sex: float32
        AnchorAge: float32
        AnchorYear: int64
        Period: string
        Death: DateTime option
    }

    type private Admission = {
        Row: int
        Subject: int64
        Id: int64
        Admitted: DateTime
        Discharged: DateTime
        Died: bool
        Person: Person
        Age: float32
        Categories: float32[]
    }

    let private sex path row (cell: string | null) =
        match cell with
        | "F" -> 0f
        | "M" -> 1f
        | null -> nanf
        | _ ->
            TableError.refuseCell path row "gender" "the code is none of F and M" "restore the official file"

    let private readPatients path =
        let people = Dictionary<int64, Person>()

        let columns = [
            "subject_id"
            "gender"
            "anchor_age"
            "anchor_year"
            "anchor_year_group"
            "dod"
        ]

        TableFile.iterate path columns (fun row cells ->
            let whole column (cell: string | null) =
                CohortRow.required path row column (CohortRow.whole path row column cell)

            let person = {
                Sex = sex path row cells[1]
                AnchorAge = ManifestCells.official path row "anchor_age" cells[2]
                AnchorYear = whole "anchor_year" cells[3]
                Period = EicuPatients.required path row "anchor_year_group" cells[4]
                Death = CohortRow.moment path row "dod" cells[5]
            }

            if not (people.TryAdd(whole "subject_id" cells[0], person)) then
                TableError.refuseCell
                    path
                    row
                    "subject_id"
                    "the patient occurs twice"
                    "restore the official file")

        if people.Count = 0 then
            TableError.refuse path "the table holds no patient" "restore the official file"

        people

    let private kinds = [
        "EW EMER."
        "DIRECT EMER."
        "URGENT"
        "ELECTIVE"
        "SURGICAL SAME DAY ADMISSION"
        "OBSERVATION ADMIT"
        "EU OBSERVATION"
        "DIRECT OBSERVATION"
        "AMBULATORY OBSERVATION"
    ]

    let private locations = [
        "EMERGENCY ROOM"
        "PHYSICIAN REFERRAL"
        "TRANSFER FROM HOSPITAL"
        "WALK-IN/SELF REFERRAL"
        "CLINIC REFERRAL"
        "PROCEDURE SITE"
        "TRANSFER FROM SKILLED NURSING FACILITY"
        "PACU"
    ]

    let private insurances = [ "Medicare"; "Medicaid"; "Private" ]

    let private columns = [
        "subject_id"
        "hadm_id"
        "admittime"
        "dischtime"
        "hospital_expire_flag"
        "admission_type"
        "admission_location"
        "insurance"
    ]

    let private readAdmissions path (people: Dictionary<int64, Person>) =
        let admissions = List<Admission>()
        let seen = HashSet<int64>()

        TableFile.iterate path columns (fun row cells ->
            let whole i =
                CohortRow.required path row columns[i] (CohortRow.whole path row columns[i] cells[i])

            let moment i =
                CohortRow.required path row columns[i] (CohortRow.moment path row columns[i] cells[i])

            let subject, id, admitted = whole 0, whole 1, moment 2

            let person =
                match people.TryGetValue subject with
                | true, person -> person
                | _ ->
                    TableError.refuseCell
                        path
                        row
                        "subject_id"
                        $"the patient has no row in {patientTable}"
                        "restore the official files"

            if not (seen.Add id) then
                TableError.refuseCell
                    path
                    row
                    "hadm_id"
                    "the admission occurs twice"
                    "restore the official file"

            admissions.Add {
                Row = row
                Subject = subject
                Id = id
                Admitted = admitted
                Discharged = moment 3
                Died =
                    match cells[4] with
                    | "0" -> false
                    | "1" -> true
                    | _ ->
                        TableError.refuseCell
                            path
                            row
                            "hospital_expire_flag"
                            "the outcome is not 0 or 1"
                            "restore the official file"
                Person = person
                Age = person.AnchorAge + float32 (int64 admitted.Year - person.AnchorYear)
                Categories = [|
                    yield! CohortRow.indicators kinds cells[5]
                    yield! CohortRow.indicators locations cells[6]
                    yield! CohortRow.indicators insurances cells[7]
                |]
            })

        if admissions.Count = 0 then
            TableError.refuse path "the table holds no admission" "restore the official file"

        admissions
        |> Seq.map (fun admission -> admission.Row, admission.Discharged < admission.Admitted)
        |> CohortRow.checkOrder path "dischtime"

        admissions.ToArray()

    /// Per admission whether the patient's next one begins within the days after its discharge.
    let private readmitted days (admissions: Admission[]) =
        let starts =
            admissions
            |> Array.groupBy _.Subject
            |> Array.map (fun (subject, stays) -> subject, stays |> Array.map _.Admitted |> Array.sort)
            |> dict

        fun admission ->
            starts[admission.Subject]
            |> Array.exists (fun start ->
                start > admission.Admitted
                && start >= admission.Discharged
                && start <= admission.Discharged.AddDays days)

    let private readmissionDays = 15.
    let private deathDays = 90.
    let private longest = 10.

    let private steps (task: MimicTask) hour = [
        "discharged before admitted", (fun admission -> admission.Discharged < admission.Admitted)
        "younger than 18", (fun admission -> admission.Age < 18f)
        if task.AtDischarge then
            "older than 89", (fun admission -> admission.Age > 89f)

            $"longer than {longest:F0} days",
            (fun admission -> (admission.Discharged - admission.Admitted).TotalDays > longest)

            "died in hospital", _.Died
        else
            $"stay over by hour {hour}",
            (fun admission -> (admission.Discharged - admission.Admitted).TotalHours < float hour)

            if task = EarlyReadmission then
                "died in hospital", _.Died
    ]

    let private outcome task readmitted admission =
        match task with
        | HospitalDeath -> admission.Died
        | EarlyReadmission
        | ReadmissionAfterDischarge -> readmitted admission
        | DeathAfterDischarge ->
            match admission.Person.Death with
            | Some death -> death <= admission.Discharged.AddDays deathDays
            | None -> false

    let private toRow (task: MimicTask) hour readmitted latest admission = {
        Key = {
            Key = admission.Id
            Subject = admission.Subject
            Opened = Some admission.Admitted
            Closes =
                if task.AtDischarge then
                    None
                else
                    Some(admission.Admitted.AddHours(float hour))
        }
        Patient = $"%019d{admission.Subject}"
        Site = admission.Person.Period
        Outcome = outcome task readmitted admission
        Demographics = [| admission.Age; admission.Person.Sex; yield! admission.Categories |]
        Later = admission.Person.Period = latest
    }

    /// The rows of the task at `hour` after admission (or at discharge), those that were left out, and every
    /// admission's number and time of discharge. Raises InputException when the tables are malformed.
    let rows task hour (patients: string) (admissions: string) =
        let all = readAdmissions admissions (readPatients patients)
        let readmitted = readmitted readmissionDays all
        let latest = all |> Array.map _.Person.Period |> Array.max
        let exclusions, kept = CohortRow.exclude (steps task hour) all

        let discharges =
            all |> Array.map (fun admission -> admission.Id, admission.Discharged)

        (exclusions, Array.map (toRow task hour readmitted latest) kept), discharges
