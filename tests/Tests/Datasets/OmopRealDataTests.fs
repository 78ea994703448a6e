module CausalDebiasing.Tests.Datasets.OmopRealDataTests

open System.IO
open System.IO.Compression
open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Tests.Support

let private under (path: string) =
    match DataRoot.resolve None |> Option.map (fun root -> Path.Combine(root, path)) with
    | Some path when File.Exists path || Directory.Exists path -> path
    | _ -> skiptest $"{path} is not under the data root"

/// The numbers of one row.
let private numbers (sql: string) =
    use session = new DuckSession()
    let mutable row = []

    session.Visit sql (fun reader ->
        row <- [
            for i in 0 .. reader.FieldCount - 1 -> System.Convert.ToInt32(reader.GetValue i)
        ])

    row

let private synthea action =
    let archive = under "omop-synthea/Synthea27NjParquet_5.4.zip"

    TempFolder.withFolder (fun folder ->
        ZipFile.ExtractToDirectory(archive, folder)
        action (Path.Combine(folder, "Synthea27NjParquet")))

let private described folder (properties: string) =
    let path = Path.Combine(folder, "synthea.json")
    File.WriteAllText(path, $"{{ \"name\": \"synthea\", \"omop\": \".\", {properties} }}")
    ToyOmop.load path

/// MIMIC-IV as tables of OMOP 5.3: an admission is a stay, its diagnoses are dated to its beginning and laboratory values to when
/// they were stored.
let private mimicAsOmop (source: string) (folder: string) =
    let table (name: string) =
        $"read_csv({TableFile.literal (Path.Combine(source, name))}, all_varchar = true)"

    let write name query =
        ToyMeds.execute $"COPY ({query}) TO {TableFile.literal (Path.Combine(folder, name))} (FORMAT parquet)"

    let admissions = table "hosp/admissions.csv.gz"

    write
        "person.parquet"
        $"""
        SELECT CAST(subject_id AS BIGINT) AS person_id, CASE gender WHEN 'F' THEN 8532 ELSE 8507 END AS gender_concept_id,
            CAST(anchor_year AS INTEGER) - CAST(anchor_age AS INTEGER) AS year_of_birth
        FROM {table "hosp/patients.csv.gz"}"""

    write
        "visit_occurrence.parquet"
        $"""
        SELECT CAST(hadm_id AS BIGINT) AS visit_occurrence_id, CAST(subject_id AS BIGINT) AS person_id, 9201 AS visit_concept_id,
            CAST(admittime AS TIMESTAMP) AS visit_start_datetime, CAST(dischtime AS TIMESTAMP) AS visit_end_datetime,
            CASE hospital_expire_flag WHEN '1' THEN 4216643 ELSE 8536 END AS discharge_to_concept_id
        FROM {admissions}"""

    write
        "measurement.parquet"
        $"""
        SELECT CAST(subject_id AS BIGINT) AS person_id, CAST(itemid AS BIGINT) AS measurement_concept_id,
            CAST(coalesce(storetime, charttime) AS TIMESTAMP) AS measurement_datetime, CAST(valuenum AS DOUBLE) AS value_as_number
        FROM {table "hosp/labevents.csv.gz"}"""

    write
        "condition_occurrence.parquet"
        $"""
        SELECT CAST(d.subject_id AS BIGINT) AS person_id, CAST(hash(icd_version, icd_code) >> 1 AS BIGINT) AS condition_concept_id,
            CAST(admittime AS TIMESTAMP) AS condition_start_datetime, CAST(hadm_id AS BIGINT) AS visit_occurrence_id
        FROM {table "hosp/diagnoses_icd.csv.gz"} d JOIN {admissions} USING (hadm_id)"""

[<Tests>]
let tests =
    testList "OmopRealData" [
        test "Synthea: stays, readmissions and missing measurements are those of a query by hand" {
            synthea (fun folder ->
                let table name =
                    TableFile.literal (Path.Combine(folder, name + ".parquet"))

                // All dates are without times, so that a stay to the day after goes on at hour 24.
                let expected =
                    numbers
                        $"""
                        WITH v AS (SELECT * FROM {table "visit_occurrence"}),
                        s AS (
                            SELECT v.*, v.visit_start_date + 1 AS at FROM v JOIN {table "person"} p USING (person_id)
                            WHERE v.visit_start_date >= p.birth_datetime + INTERVAL 18 YEAR AND v.visit_end_date > v.visit_start_date),
                        r AS (
                            SELECT s.*, EXISTS (FROM v n WHERE n.person_id = s.person_id AND n.visit_start_date >= s.visit_end_date
                                AND n.visit_start_date <= s.visit_end_date + 15) AS again,
                            EXISTS (FROM {table "measurement"} m WHERE m.person_id = s.person_id AND m.value_as_number IS NOT NULL
                                AND m.measurement_date < s.at AND m.measurement_date >= s.visit_start_date - 1) AS measured,
                            EXISTS (FROM {table "procedure_occurrence"} m WHERE m.person_id = s.person_id
                                AND m.procedure_date < s.at AND m.procedure_date >= s.visit_start_date - 1) AS treated,
                            EXISTS (FROM {table "drug_exposure"} m WHERE m.person_id = s.person_id
                                AND m.drug_exposure_start_date < s.at AND m.drug_exposure_start_date >= s.visit_start_date - 1) AS drugs,
                            EXISTS (FROM {table "condition_occurrence"} c JOIN v USING (visit_occurrence_id)
                                WHERE c.person_id = s.person_id AND c.condition_start_date < s.at AND v.visit_end_date < s.at) AS ill
                            FROM s)
                        SELECT count(*), count(*) FILTER (again), count(DISTINCT person_id), count(*) FILTER (measured),
                            count(*) FILTER (treated), count(*) FILTER (drugs), count(*) FILTER (ill) FROM r"""

                let loaded =
                    described folder """"visits": [9201, 9202, 9203], "outcome": "readmission" """

                let card = loaded.Card

                let observed name =
                    match card.Modalities |> List.tryFind (fun m -> m.Modality = name) with
                    | Some modality -> int (round ((1. - modality.MissingRate) * float card.Rows))
                    | None -> 0

                Expect.equal
                    [
                        card.Rows
                        card.Events
                        card.Patients
                        observed "measurements"
                        observed "procedures"
                        observed "drugs"
                        observed "conditions"
                    ]
                    expected
                    "stays, readmissions, patients, and stays with measurements, procedures, drugs, conditions"

                Expect.equal (card.Rows + (card.Exclusions |> List.sumBy _.Rows)) 1791 "all visits")
        }

        test "Synthea: a task counts what a query by hand does" {
            synthea (fun folder ->
                let task = Path.Combine(folder, "task.yaml")

                File.WriteAllText(
                    task,
                    "predicates:\n  end: { code: VISIT_END//9203 }\n  any: { code: { regex: '^VISIT_START//' } }\n"
                    + "trigger: end\nwindows:\n  input: { start: null, end: trigger, start_inclusive: true, end_inclusive: true, index_timestamp: end }\n"
                    + "  target: { start: trigger, end: start + 90 days, start_inclusive: false, end_inclusive: true, label: any }\n"
                )

                let visits = TableFile.literal (Path.Combine(folder, "visit_occurrence.parquet"))

                let expected =
                    numbers
                        $"""
                        WITH t AS (SELECT DISTINCT person_id, visit_end_date AS at FROM read_parquet({visits}) WHERE visit_concept_id = 9203)
                        SELECT count(*), count(*) FILTER (EXISTS (FROM read_parquet({visits}) v WHERE v.person_id = t.person_id
                            AND v.visit_start_date > t.at AND v.visit_start_date <= t.at + 90)), count(DISTINCT person_id) FROM t"""

                let card = (ToyOmop.load $"{folder}@task:{task}").Card

                Expect.equal
                    [ card.Rows; card.Events; card.Patients ]
                    expected
                    "ends, visits after them, patients")
        }

        test "the MIMIC-IV demo as OMOP: rows and deaths are those of its own reader" {
            let source = under "mimic-iv-demo"

            TempFolder.withFolder (fun folder ->
                mimicAsOmop source folder
                let own, omop = (RealData.load "mimic-iv-demo").Card, (ToyOmop.load folder).Card

                Expect.equal
                    (omop.Rows, omop.Events, omop.Patients)
                    (own.Rows, own.Events, own.Patients)
                    "admissions, deaths, patients"

                Expect.equal
                    [ for step in omop.Exclusions -> step.Rows ]
                    [ 0; 0; 30; 0; 0 ]
                    "those that leave on the first day"

                let missing (card: CohortCard) name =
                    (card.Modalities |> List.find (fun m -> m.Modality = name)).MissingRate

                Expect.equal
                    (missing omop "conditions")
                    (missing own "diagnoses")
                    "diagnoses are those of earlier admissions in both"

                let again = (ToyOmop.load (folder + "@readmission")).Card
                let ownAgain = (RealData.load "mimic-iv-demo-readmission").Card
                Expect.equal (again.Rows, again.Events) (ownAgain.Rows, ownAgain.Events) "readmissions")
        }
    ]
