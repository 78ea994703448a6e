/// Small official tables of eICU and MIMIC-IV.
module CausalDebiasing.Tests.Support.ToyRelease

open System.IO
open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Tests.Support.PhysioNet2012Fixture

/// Tables by path without extension: the header, then the rows.
type Tables = Map<string, string list>

/// Writes the tables as csv.gz into the folder under the root.
let write root (folder: string) (tables: Tables) =
    for KeyValue(name, rows) in tables do
        let path = Path.Combine(root, folder, name + ".csv.gz")
        Directory.CreateDirectory(nonNull (Path.GetDirectoryName path)) |> ignore
        ToyManifest.compress path (String.concat "\n" rows + "\n")

/// Loads the data set from the tables.
let load (folder: string) name (tables: Tables) =
    TempFolder.withFolder (fun root ->
        write root folder tables
        (DatasetCatalog.tryFind name).Value.Load(accessTo root))

/// The table with more rows at its end.
let add name rows (tables: Tables) = tables.Add(name, tables[name] @ rows)

/// The table with one row (0: the header) edited.
let edit name row (before: string) (after: string) (tables: Tables) =
    let edited =
        tables[name]
        |> List.mapi (fun i line ->
            if i = row then
                Expect.stringContains line before "the row to edit"
                line.Replace(before, after)
            else
                line)

    tables.Add(name, edited)

/// The values of a modality in a row, none when it was not observed.
let block modality row (loaded: LoadedCohort) =
    let m = loaded.Cohort.Modalities |> Seq.findIndex (fun m -> m.Name = modality)

    if loaded.Cohort.IsObserved(row, m) then
        Some(loaded.Cohort.Row(m, row).ToArray())
    else
        None

let private minutes row = row * 7 % 60

/// 40 unit stays of 20 patients, two each in one hospital stay; patients 4, 8, ... die in hospital; the second stay of
/// patients 3, 6, ... is a readmission, that of the others in a step-down unit; patients above 10 are discharged in
/// 2015. Stay 39 is of a child, and stay 40 ends after 10 hours.
let eicu: Tables =
    Map [
        "hospital", [ "hospitalid,region"; "10,West"; "11,South"; "12," ]
        "patient",
        [
            "patientunitstayid,patienthealthsystemstayid,gender,age,ethnicity,hospitalid,admissionheight,hospitaladmitoffset,unitadmitsource,hospitaldischargeyear,hospitaldischargeoffset,hospitaldischargestatus,unittype,unitvisitnumber,unitstaytype,admissionweight,unitdischargeoffset,unitdischargestatus,uniquepid"
            for stay in 1..40 do
                let patient = (stay + 1) / 2
                let second = stay % 2 = 0
                let age = if stay = 39 then "17" else string (40 + patient)
                let ends = if stay = 40 then 600 else 9000 - minutes stay
                let status = if patient % 4 = 0 then "Expired" else "Alive"

                let kind =
                    if not second then "admit"
                    elif patient % 3 = 0 then "readmit"
                    else "stepdown/other"

                $"{stay},{100 + patient},Female,{age},Asian,{10 + patient % 3},170,-60,ICU,{(if patient > 10 then 2015 else 2014)},{ends},{status},MICU,{(if second then 2 else 1)},{kind},70,{min ends 3000},Alive,p{patient}"
        ]
        "apacheApsVar",
        [
            "apacheapsvarid,patientunitstayid,intubated,vent,dialysis,eyes,motor,verbal,meds,urine,wbc,temperature,respiratoryrate,sodium,heartrate,meanbp,ph,hematocrit,creatinine,albumin,pao2,pco2,bun,glucose,bilirubin,fio2"
            "1,1,0,0,0,4,6,5,0,-1,10.2,36.2,39,139,88,108,-1,37.8,1.04,-1,-1,-1,28,61,-1,-1"
        ]
        "diagnosis",
        [
            "diagnosisid,patientunitstayid,diagnosisoffset,diagnosisstring"
            for stay in 1..38 do
                $"{stay},{stay},60,sepsis"
                $"{100 + stay},{stay},30,rare {stay}"
        ]
        "note",
        [
            "noteid,patientunitstayid,noteoffset,noteenteredoffset,notepath"
            "1,1,60,70,notes/a"
            "2,2,60,2000,notes/b"
            "3,3,60,800,notes/c"
        ]
        "medication",
        [
            "medicationid,patientunitstayid,drugorderoffset,drugstartoffset,drugname,drughiclseqno"
            "1,1,10,20,aspirin 100 mg,17"
            "2,1,11,20,aspirin 300 mg,17"
            "3,1,12,20,unnamed,"
        ]
        "respiratoryCharting",
        [
            "respchartid,patientunitstayid,respchartoffset,respchartentryoffset,respchartvaluelabel,respchartvalue"
            "1,1,10,12,FiO2,40%"
            "2,1,20,22,FiO2,high"
        ]
        "vitalPeriodic",
        [
            "vitalperiodicid,patientunitstayid,observationoffset,temperature,sao2,heartrate,respiration,cvp,systemicsystolic,systemicdiastolic,systemicmean"
            "1,1,65,,,100,,,,,"
            "2,1,5,,98,80,,,,,"
            "3,1,30,,,0,,,,,"
            "4,2,720,,,70,,,,,"
        ]
        "lab",
        [
            "labid,patientunitstayid,labresultoffset,labname,labresult"
            "1,1,-30,sodium,140"
            "2,1,100,lactate,2.5"
            "3,1,100,unused,1"
        ]
    ]

/// 30 admissions of 15 patients, 8 and then 20 days apart for odd and even patients; patients 5, 10 and 15 die in the
/// second; patients above 10 are of the later period. Patient 1 died 80 days after the first discharge.
let mimic: Tables =
    Map [
        "hosp/patients",
        [
            "subject_id,gender,anchor_age,anchor_year,anchor_year_group,dod"
            for patient in 1..15 do
                let period = if patient > 10 then "2014 - 2016" else "2011 - 2013"
                let death = if patient = 1 then "2150-03-24" else ""
                $"{patient},F,{40 + patient},2150,{period},{death}"
        ]
        "hosp/admissions",
        [
            "subject_id,hadm_id,admittime,dischtime,deathtime,admission_type,admission_location,insurance,hospital_expire_flag"
            for patient in 1..15 do
                let second = if patient % 2 = 1 then "2150-01-12" else "2150-01-24"
                let ended = if patient % 2 = 1 then "2150-01-17" else "2150-01-29"
                let died = if patient % 5 = 0 then 1 else 0

                $"{patient},{100 + patient},2150-01-01 00:00:00,2150-01-04 00:00:00,,URGENT,PACU,Private,0"

                $"{patient},{200 + patient},{second} 00:00:00,{ended} 00:00:00,,URGENT,PACU,Private,{died}"
        ]
        "hosp/diagnoses_icd",
        [
            "subject_id,hadm_id,seq_num,icd_code,icd_version"
            "1,101,1,4139,9"
            "1,201,1,I10,10"
        ]
        "hosp/procedures_icd",
        [
            "subject_id,hadm_id,seq_num,chartdate,icd_code,icd_version"
            "1,101,1,2150-01-01,3961,9"
            "2,102,1,2150-01-02,3961,9"
        ]
        "hosp/prescriptions",
        [
            "subject_id,hadm_id,starttime,drug"
            "1,101,2150-01-01 05:00:00,Aspirin"
            "1,101,2150-01-03 05:00:00,Late"
        ]
        "hosp/labevents",
        [
            "labevent_id,subject_id,hadm_id,itemid,charttime,storetime,valuenum"
            "1,1,101,50983,2150-01-01 05:00:00,2150-01-01 06:00:00,140"
            "2,1,101,50824,2150-01-01 04:00:00,2150-01-01 05:00:00,130"
            "3,2,102,50983,2150-01-01 23:00:00,2150-01-02 06:00:00,150"
            "4,3,,50983,2150-01-01 05:00:00,2150-01-01 06:00:00,150"
        ]
        "icu/chartevents",
        [
            "subject_id,hadm_id,stay_id,charttime,storetime,itemid,valuenum"
            "1,101,1,2150-01-01 05:00:00,2150-01-01 05:10:00,223761,98.6"
        ]
        "note/discharge",
        [
            "note_id,subject_id,hadm_id,charttime,storetime,text"
            "a,1,101,2150-01-04 00:00:00,2150-01-06 00:00:00,\"Heart, heart\nand \"\"liver\"\"\""
        ]
        "note/radiology",
        [
            "note_id,subject_id,hadm_id,charttime,storetime,text"
            "b,1,101,2150-01-01 00:00:00,2150-01-01 01:00:00,Clear lungs"
        ]
    ]
