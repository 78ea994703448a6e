module CausalDebiasing.Tests.Datasets.MedsRealDataTests

open System.IO
open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Tests.Support

/// Readmission within 30 days of discharge, predicted at discharge.
let private readmission =
    """
predicates:
  admission: { code: { regex: "^HOSPITAL_ADMISSION//" } }
  discharge: { code: { regex: "^HOSPITAL_DISCHARGE//" } }
trigger: discharge
windows:
  past: { start: null, end: trigger, start_inclusive: true, end_inclusive: true, index_timestamp: end }
  target: { start: trigger, end: start + 30 days, start_inclusive: false, end_inclusive: true, label: admission }
"""

let private folder name =
    match DataRoot.resolve None |> Option.map (fun root -> Path.Combine(root, name)) with
    | Some folder when Directory.Exists folder -> folder
    | _ -> skiptest $"{name} is not under the data root"

let private drafted name action =
    let source = folder name

    TempFolder.withFolder (fun folder ->
        let task = Path.Combine(folder, "readmission.yaml")
        File.WriteAllText(task, readmission)
        let draft, _ = MedsFolderDraft.draft source (Some task)
        let path = Path.Combine(folder, "draft.json")
        File.WriteAllText(path, MedsDescription.write draft)
        action draft (ToyMeds.load path))

[<Tests>]
let tests =
    testList "MedsRealData" [
        test "the MIMIC-IV demo: a draft reads what a query by hand counts" {
            drafted "meds-mimic-iv-demo" (fun draft loaded ->
                Expect.equal draft.Split (Some "random") "the train shard is not there"
                use session = new DuckSession()
                let files = TableFile.literal (Path.Combine(draft.Meds, "data", "*", "*.parquet"))

                session.Visit
                    $"""
                    WITH e AS (SELECT DISTINCT subject_id, time, split_part(code, '//', 1) AS kind FROM read_parquet({files}))
                    SELECT count(*), count(*) FILTER (again), count(DISTINCT subject_id) FROM (
                        SELECT subject_id, EXISTS (FROM e a WHERE a.kind = 'HOSPITAL_ADMISSION' AND a.subject_id = d.subject_id
                            AND a.time > d.time AND a.time <= d.time + INTERVAL 30 DAY) AS again
                        FROM e d WHERE kind = 'HOSPITAL_DISCHARGE')"""
                    (fun reader ->
                        Expect.equal
                            (loaded.Card.Rows, loaded.Card.Events, loaded.Card.Patients)
                            (int (reader.GetInt64 0), int (reader.GetInt64 1), int (reader.GetInt64 2))
                            "discharges, readmissions, patients")

                Expect.isEmpty loaded.Card.Absent "all drafted modalities are observed")
        }

        test "the events of all 100 patients, under another name of the numbers" {
            drafted "meds-mimic-iv-demo-100" (fun draft loaded ->
                Expect.equal draft.Columns (Some(Map [ "numeric_value", "value" ])) "names"
                Expect.equal (loaded.Card.Rows, loaded.Card.Patients) (275, 100) "discharges of 100 patients"

                Expect.isTrue
                    (loaded.Card.Modalities |> List.exists (fun m -> m.Modality = "lab"))
                    "laboratory")
        }
    ]
