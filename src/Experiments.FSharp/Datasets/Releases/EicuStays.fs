namespace CausalDebiasing.Bench.Datasets

open System
open System.Collections.Generic

/// What is predicted in eICU.
type EicuTask =
    /// Death before discharge from the hospital, of all unit stays still in hospital at the prediction time.
    | HospitalMortality
    /// Another ICU stay ("readmit") later in the same hospital stay, of ICU stays that go on at the prediction time
    /// and end alive.
    | IcuReadmission

/// Unit stays of the official table `patient` as rows; time counts from admission to the unit.
module EicuStays =
    let private columns = [
        "patientunitstayid"
        "patienthealthsystemstayid"
        "uniquepid"
        "hospitalid"
        "gender"
        "age"
        "ethnicity"
        "admissionheight"
        "admissionweight"
        "unittype"
        "unitadmitsource"
        "hospitaladmitoffset"
        "hospitaldischargeoffset"
        "hospitaldischargeyear"
        "hospitaldischargestatus"
        "unitdischargeoffset"
        "unitdischargestatus"
        "unitvisitnumber"
        "unitstaytype"
    ]

    type private Stay = {
        Row: int
        HospitalStay: string
        Visit: int64
        StayType: string
        Age: float32
        HospitalAdmission: int64
        HospitalDischarge: int64
        UnitDischarge: int64
        DiedInHospital: bool option
        DiedInUnit: bool option
        Base: CohortRow
    }

    let private ethnicities = [ "Caucasian"; "African American"; "Hispanic"; "Asian"; "Native American" ]

    let private units = [
        "Med-Surg ICU"
        "MICU"
        "SICU"
        "Cardiac ICU"
        "CCU-CTICU"
        "CSICU"
        "CTICU"
        "Neuro ICU"
    ]

    let private sources = [
        "Emergency Department"
        "Floor"
        "Operating Room"
        "ICU to SDU"
        "Direct Admit"
        "Recovery Room"
        "Step-Down Unit (SDU)"
        "Acute Care/Floor"
        "ICU"
        "Other ICU"
        "Other Hospital"
        "PACU"
    ]

    let private body =
        Parameter.measured [ "admissionheight", "cm", 100f, 250f; "admissionweight", "kg", 20f, 400f ]

    /// The column of "demographics" at which indicators of ethnicity begin, and their names: before them are age, sex, the body's
    /// measures and the hours in hospital.
    let ethnicity = 3 + body.Length, ethnicities

    let private years path row (cell: string | null) =
        match cell with
        | "> 89" -> 90f
        | cell -> ManifestCells.official path row "age" cell

    let private sex path row (cell: string | null) =
        match cell with
        | "Female" -> 0f
        | "Male" -> 1f
        | null
        | "Other"
        | "Unknown" -> nanf
        | _ ->
            TableError.refuseCell
                path
                row
                "gender"
                "the code is none of Female, Male, Other and Unknown"
                "restore the official file"

    let private stay site regions path row (cells: (string | null)[]) =
        let at column = List.findIndex ((=) column) columns
        let cell column = cells[at column]

        let whole column =
            CohortRow.required path row column (CohortRow.whole path row column (cell column))

        let text column =
            EicuPatients.required path row column (cell column)

        let age = years path row (cell "age")
        let admission = whole "hospitaladmitoffset"

        {
            Row = row
            HospitalStay = text "patienthealthsystemstayid"
            Visit = whole "unitvisitnumber"
            StayType = text "unitstaytype"
            Age = age
            HospitalAdmission = admission
            HospitalDischarge = whole "hospitaldischargeoffset"
            UnitDischarge = whole "unitdischargeoffset"
            DiedInHospital =
                EicuPatients.died path row "hospitaldischargestatus" (cell "hospitaldischargestatus")
            DiedInUnit = EicuPatients.died path row "unitdischargestatus" (cell "unitdischargestatus")
            Base = {
                Key = {
                    Key = whole "patientunitstayid"
                    Subject = 0L
                    Opened = None
                    Closes = None
                }
                Patient = text "uniquepid"
                Site = EicuPatients.siteOf site regions path row (text "hospitalid")
                Outcome = false
                Demographics = [|
                    age
                    sex path row (cell "gender")
                    for parameter in body do
                        Parameter.clean
                            parameter
                            (ManifestCells.official path row parameter.Name (cell parameter.Name))
                    float32 (max 0L -admission) / 60f
                    yield! CohortRow.indicators ethnicities (cell "ethnicity")
                    yield! CohortRow.indicators units (cell "unittype")
                    yield! CohortRow.indicators sources (cell "unitadmitsource")
                |]
                Later = whole "hospitaldischargeyear" > 2014L
            }
        }

    let private read site folder =
        let path, hospitals = EicuPatients.files folder
        let regions = EicuPatients.regions hospitals
        let stays = List<Stay>()
        let seen = HashSet<int64>()

        TableFile.iterate path columns (fun row cells ->
            let stay = stay site regions path row cells

            if not (seen.Add stay.Base.Key.Key) then
                TableError.refuseCell
                    path
                    row
                    "patientunitstayid"
                    "the stay occurs twice"
                    "restore the official file"

            stays.Add stay)

        if stays.Count = 0 then
            TableError.refuse path "the table holds no stay" "restore the official file"

        stays
        |> Seq.map (fun stay -> stay.Row, stay.HospitalDischarge < stay.HospitalAdmission)
        |> CohortRow.checkOrder path "hospitaldischargeoffset"

        stays.ToArray()

    let private young = "younger than 18", (fun stay -> stay.Age < 18f)

    let private outOfOrder =
        "discharged before admitted", (fun stay -> stay.HospitalDischarge < stay.HospitalAdmission)

    /// The rows of the task at hour `hour` after admission to the unit, and those that were left out. Raises
    /// InputException when the tables `patient` or `hospital` are malformed.
    let rows site task hour folder =
        let stays = read site folder
        let closes = int64 (60 * hour)

        match task with
        | HospitalMortality ->
            let exclusions, stays =
                stays
                |> CohortRow.exclude [
                    young
                    outOfOrder
                    $"hospital stay over by hour {hour}", fun stay -> stay.HospitalDischarge < closes
                    "outcome unknown", _.DiedInHospital.IsNone
                ]

            exclusions,
            stays
            |> Array.map (fun stay -> {
                stay.Base with
                    Outcome = (stay.DiedInHospital = Some true)
            })
        | IcuReadmission ->
            let readmissions =
                stays
                |> Seq.filter (fun stay -> stay.StayType = "readmit")
                |> Seq.groupBy _.HospitalStay
                |> Seq.map (fun (hospitalStay, stays) -> hospitalStay, stays |> Seq.map _.Visit |> Seq.max)
                |> dict

            let exclusions, stays =
                stays
                |> CohortRow.exclude [
                    "no ICU stay (step-down or other unit)", fun stay -> stay.StayType = "stepdown/other"
                    young
                    outOfOrder
                    $"unit stay over by hour {hour}", fun stay -> stay.UnitDischarge < closes
                    "died in the unit, or discharge unknown", fun stay -> stay.DiedInUnit <> Some false
                ]

            exclusions,
            stays
            |> Array.map (fun stay -> {
                stay.Base with
                    Outcome =
                        match readmissions.TryGetValue stay.HospitalStay with
                        | true, last -> last > stay.Visit
                        | _ -> false
            })
