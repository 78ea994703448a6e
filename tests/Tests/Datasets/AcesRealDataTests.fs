module CausalDebiasing.Tests.Datasets.AcesRealDataTests

open System.IO
open Expecto
open CausalDebiasing.Bench.Datasets

let private root =
    DataRoot.resolve None
    |> Option.map (fun root -> Path.Combine(root, "meds-aces-sample"))
    |> Option.filter Directory.Exists

let private single (session: DuckSession) sql =
    let mutable found = 0L, 0L
    session.Visit sql (fun reader -> found <- (reader.GetInt64 0, reader.GetInt64 1))
    found

/// Rows and rows with the outcome: of the task file, and of a query that is written by hand, without windows of SQL, over `e`
/// (subject_id, time, code, numeric_value).
let private compare task (sql: string) =
    match root with
    | None -> skiptest "meds-aces-sample is not under the data root"
    | Some root ->
        use session = new DuckSession()

        let files =
            TableFile.literal (Path.Combine(root, "sample_data", "meds_sample", "*", "*.parquet"))

        session.Execute
            $"CREATE VIEW events AS SELECT subject_id, time, code, CAST(numeric_value AS FLOAT) AS numeric_value FROM read_parquet({files})"

        session.Execute "CREATE VIEW e AS SELECT * FROM events"
        AcesCohort.create session (AcesTaskFile.read (Path.Combine(root, "sample_configs", task + ".yaml")))

        let found =
            single session "SELECT count(*), count(*) FILTER (boolean_value) FROM task"

        Expect.equal found (single session sql) task
        found

let private counted rows outcome =
    $"SELECT count(*), count(*) FILTER (outcome) FROM (SELECT t, {outcome} AS outcome FROM {rows})"

[<Tests>]
let tests =
    testList "AcesRealData" [
        test "abnormal_lab" {
            compare
                "abnormal_lab"
                (counted
                    """
                    (SELECT DISTINCT subject_id, time AS t FROM e WHERE code = 'lab_name//O2 saturation pulseoxymetry (%)'
                        AND numeric_value >= 90 AND numeric_value <= 120) a
                    WHERE EXISTS (FROM e WHERE e.subject_id = a.subject_id AND code = 'lab_name//O2 saturation pulseoxymetry (%)'
                        AND e.time > t + INTERVAL 24 HOUR AND e.time <= t + INTERVAL 8 DAY)"""
                    """
                    EXISTS (FROM e WHERE e.subject_id = a.subject_id AND code = 'lab_name//O2 saturation pulseoxymetry (%)'
                        AND e.time > t + INTERVAL 24 HOUR AND e.time <= t + INTERVAL 8 DAY
                        AND (numeric_value < 90 OR numeric_value > 120))""")
            |> ignore
        }

        test "imminent_mortality" {
            let rows, _ =
                compare
                    "imminent_mortality"
                    (counted
                        "(SELECT DISTINCT subject_id, time AS t FROM e WHERE time IS NOT NULL) a"
                        """
                        EXISTS (FROM e WHERE e.subject_id = a.subject_id AND code = 'DEATH'
                            AND e.time > t + INTERVAL 2 HOUR AND e.time <= t + INTERVAL 26 HOUR)""")

            Expect.isGreaterThan rows 1000L "every moment of the sample"
        }

        test "inhospital_mortality" {
            let rows, _ =
                compare
                    "inhospital_mortality"
                    (counted
                        """
                        (SELECT subject_id, t, (SELECT min(x.time) FROM e x WHERE x.subject_id = s.subject_id
                                AND (x.code LIKE '%DISCHARGE//%' OR x.code = 'DEATH') AND x.time > t + INTERVAL 48 HOUR) AS ended
                            FROM (SELECT DISTINCT subject_id, time AS t FROM e WHERE code LIKE '%ADMISSION//%') s) a
                        WHERE ended IS NOT NULL
                            AND EXISTS (FROM e WHERE e.subject_id = a.subject_id AND e.time IS NULL AND code = 'SEX//male')
                            AND (SELECT count(DISTINCT e.time) FROM e WHERE e.subject_id = a.subject_id AND e.time <= t + INTERVAL 24 HOUR) >= 5
                            AND NOT EXISTS (FROM e WHERE e.subject_id = a.subject_id AND e.time > t AND e.time <= t + INTERVAL 48 HOUR
                                AND (code LIKE '%ADMISSION//%' OR code LIKE '%DISCHARGE//%' OR code = 'DEATH'))"""
                        """
                        EXISTS (FROM e WHERE e.subject_id = a.subject_id AND code = 'DEATH'
                            AND e.time > t + INTERVAL 48 HOUR AND e.time <= ended)""")

            Expect.isGreaterThan rows 0L "men who stay for two days"
        }

        test "intervention_weaning" {
            compare
                "intervention_weaning"
                """
                SELECT count(*), 0 FROM (
                    SELECT DISTINCT a.subject_id, a.time FROM e a JOIN e b ON a.subject_id = b.subject_id AND a.time = b.time
                    WHERE a.code = 'PROCEDURE_START' AND b.code = 'procedure//Invasive Ventilation'
                        AND EXISTS (FROM e c JOIN e d ON c.subject_id = d.subject_id AND c.time = d.time
                            WHERE c.subject_id = a.subject_id AND c.time > a.time
                                AND c.code = 'PROCEDURE_END' AND d.code = 'procedure//Invasive Ventilation'))"""
            |> ignore
        }

        test "long_term_recurrence" {
            let rows, _ =
                compare
                    "long_term_recurrence"
                    (counted
                        """
                        (SELECT DISTINCT subject_id, time AS t FROM e WHERE code LIKE '%DISCHARGE//%') a
                        WHERE EXISTS (FROM e WHERE e.subject_id = a.subject_id AND code LIKE '%ADMISSION//%' AND e.time <= t)
                            AND NOT EXISTS (FROM e WHERE e.subject_id = a.subject_id
                                AND code IN ('diagnosis//ICD9CM_41071', 'diagnosis//ICD10CM_I214')
                                AND e.time > t AND e.time <= t + INTERVAL 365 DAY)"""
                        """
                        EXISTS (FROM e WHERE e.subject_id = a.subject_id
                            AND code IN ('diagnosis//ICD9CM_41071', 'diagnosis//ICD10CM_I214')
                            AND e.time > t + INTERVAL 365 DAY AND e.time <= t + INTERVAL 1460 DAY)""")

            Expect.isGreaterThan rows 0L "discharges"
        }

        test "readmission_risk" {
            let rows, outcomes =
                compare
                    "readmission_risk"
                    (counted
                        """
                        (SELECT subject_id, t, (SELECT min(x.time) FROM e x WHERE x.subject_id = s.subject_id
                                AND x.code LIKE '%DISCHARGE//%' AND x.time > t) AS ended
                            FROM (SELECT DISTINCT subject_id, time AS t FROM e WHERE code LIKE '%ADMISSION//%') s) a
                        WHERE ended IS NOT NULL"""
                        """
                        EXISTS (FROM e WHERE e.subject_id = a.subject_id AND code LIKE '%ADMISSION//%'
                            AND e.time > ended AND e.time <= ended + INTERVAL 30 DAY)""")

            Expect.isTrue (rows > outcomes && outcomes > 0L) "some are readmitted"
        }
    ]
