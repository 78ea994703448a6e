/// How the cohort of MIMIC-IV tables of any size compares with a bare scan of them.
module CausalDebiasing.Tests.Support.ScaleMeasurement

open System
open System.Diagnostics
open System.Globalization
open System.IO
open System.IO.Compression
open CausalDebiasing.Bench.Datasets
open DuckDB.NET.Data

let private labsPerAdmission = 250L
let private chartsPerAdmission = 1000L
let private firstAdmission = 20_000_000L

/// Runs SQL in a DuckDB of its own with the memory limit of the reader; gives the number of rows read.
let private run (sql: string) =
    use connection = new DuckDBConnection("DataSource=:memory:")
    connection.Open()
    use command = connection.CreateCommand()
    command.CommandText <- $"SET memory_limit = '{DuckSession.MemoryLimit}'; {sql}"
    command.UseStreamingMode <- true
    use reader = command.ExecuteReader()
    let mutable rows = 0L

    while reader.Read() do
        rows <- rows + 1L

    rows

/// Writes csv and packs it, which is faster than to let DuckDB pack.
let private copy (path: string) select =
    let plain = path + ".plain"

    run $"COPY ({select}) TO {TableFile.literal plain} (FORMAT csv, HEADER)"
    |> ignore

    using (File.OpenRead plain) (fun source ->
        use packed = new GZipStream(File.Create path, CompressionLevel.Fastest)
        source.CopyTo(packed, 1 <<< 20))

    File.Delete plain

let private items modalities = [
    for _, parameters in modalities do
        for measured in parameters do
            for item, _, _ in measured.Items -> item
]

/// As many items again that no modality uses.
let private withOthers items = [ yield! items; for i in 1 .. List.length items -> string (590_000 + i) ]

let private pick (items: string list) salt =
    let listed = String.concat ", " items
    $"([{listed}])[1 + CAST(hash(i + {salt}) %% {items.Length} AS INTEGER)]"

let private moment hours salt =
    $"TIMESTAMP '2150-01-01' + to_minutes(CAST((admission %% 200000) * 60 + hash(i + {salt}) %% {60 * hours} AS BIGINT))"

/// Writes the official tables with n rows of laboratory and of chart events.
let generate (folder: string) (n: int64) =
    let hosp =
        Directory.CreateDirectory(Path.Combine(folder, "mimic-iv", "hosp")).FullName

    let icu =
        Directory.CreateDirectory(Path.Combine(folder, "mimic-iv", "icu")).FullName

    let admissions = max 1L (n / labsPerAdmission)
    let labItem = pick (withOthers (items LaboratoryPanels.mimic)) 1
    let chartItem = pick (withOthers (items [ "vitals", MimicTables.vitals ])) 5

    copy
        (Path.Combine(hosp, "patients.csv.gz"))
        $"SELECT {firstAdmission} + i AS subject_id, CASE i %% 2 WHEN 0 THEN 'F' ELSE 'M' END AS gender,
          18 + i %% 70 AS anchor_age, 2150 AS anchor_year, '2011 - 2013' AS anchor_year_group, NULL AS dod
          FROM range({admissions}) t(i)"

    copy
        (Path.Combine(hosp, "admissions.csv.gz"))
        $"SELECT {firstAdmission} + admission AS subject_id, {firstAdmission} + admission AS hadm_id,
          TIMESTAMP '2150-01-01' + to_hours(CAST(admission %% 200000 AS INTEGER)) AS admittime,
          admittime + INTERVAL 72 HOUR AS dischtime, NULL AS deathtime, 'URGENT' AS admission_type,
          NULL AS admit_provider_id, 'EMERGENCY ROOM' AS admission_location, 'HOME' AS discharge_location,
          'Medicare' AS insurance, 'ENGLISH' AS language, 'SINGLE' AS marital_status, 'WHITE' AS race,
          NULL AS edregtime, NULL AS edouttime, CAST(hash(admission) %% 10 = 0 AS INTEGER) AS hospital_expire_flag
          FROM range({admissions}) t(admission)"

    copy
        (Path.Combine(hosp, "labevents.csv.gz"))
        $"SELECT i AS labevent_id, {firstAdmission} + admission AS subject_id, {firstAdmission} + admission AS hadm_id,
          i // 8 AS specimen_id, {labItem} AS itemid, 'P00AAA' AS order_provider_id,
          {moment 72 2} AS charttime, charttime + INTERVAL 45 MINUTE AS storetime, (hash(i + 3) %% 2000) / 10 AS value,
          value AS valuenum, 'mg/dL' AS valueuom, 1.0 AS ref_range_lower, 99.0 AS ref_range_upper,
          NULL AS flag, 'ROUTINE' AS priority, NULL AS comments
          FROM (SELECT i, i // {labsPerAdmission} AS admission FROM range({n}) t(i))"

    copy
        (Path.Combine(icu, "chartevents.csv.gz"))
        $"SELECT {firstAdmission} + admission AS subject_id, {firstAdmission} + admission AS hadm_id,
          30000000 + admission AS stay_id, 1000 + i %% 900 AS caregiver_id, {moment 72 4} AS charttime,
          charttime + INTERVAL 5 MINUTE AS storetime, {chartItem} AS itemid,
          (hash(i + 6) %% 2000) / 10 AS value, value AS valuenum, 'mmHg' AS valueuom, 0 AS warning
          FROM (SELECT i, i // {chartsPerAdmission} AS admission FROM range({n}) t(i))"

/// The same columns, types, items and groups in one query per table, of the events that `known` keeps.
let private bare folder known (scan: EventScan) =
    let source = ClinicalTable.tryLocate folder scan.Table.Name

    match scan.Content, source with
    | Measurements(item, value, modalities), Some path ->
        let listed = items modalities |> String.concat ", "

        run
            $"SELECT e.hadm_id, {item}, count(*), min({value}), max({value}), avg({value}), min(e.charttime), max(e.storetime)
              FROM {ClinicalTable.source path scan.Table} e {known scan}
              AND {item} IN ({listed}) AND {value} IS NOT NULL GROUP BY ALL"
        |> ignore
    | _ -> ()

let private everything _ = "WHERE true"

/// What was stored by hour 24, as the reader filters.
let private byHour24 release (scan: EventScan) =
    let admissions = Path.Combine(release, "hosp", "admissions.csv.gz")

    $"JOIN (SELECT hadm_id AS key, subject_id AS subject, admittime AS opened,
             admittime + INTERVAL 24 HOUR AS closes
             FROM read_csv({TableFile.literal admissions})) r ON {scan.Join} WHERE {scan.Known}"

let private seconds action =
    let watch = Stopwatch.StartNew()
    action ()
    watch.Elapsed.TotalSeconds

let private peakGibibytes () =
    use self = Process.GetCurrentProcess()
    float self.PeakWorkingSet64 / 1073741824.

/// Measures on n rows of each table, written to the folder unless they are there, and prints one row of the table.
let measure (folder: string) (n: int64) =
    let release = Path.Combine(folder, "mimic-iv")

    if not (Directory.Exists release) then
        generate folder n

    let scanned known =
        seconds (fun () -> MimicTables.scans false |> List.iter (bare release known))

    let unfiltered = scanned everything
    let filtered = scanned (byHour24 release)
    let before = peakGibibytes ()
    let mutable rows = 0

    let build =
        seconds (fun () ->
            let loaded =
                (DatasetCatalog.tryFind "mimic-iv").Value.Load {
                    Root = Some folder
                    Cache = Some(Path.Combine(folder, "cache"))
                    Report = ignore
                }

            rows <- loaded.Cohort.Count)

    let line =
        String.Format(
            CultureInfo.InvariantCulture,
            "| {0:N0} | {1:N0} | {2:F1} | {3:F1} | {4:F1} | {5:F2} | {6:F2} | {7:F2} |",
            n,
            rows,
            unfiltered,
            filtered,
            build,
            build / filtered,
            before,
            peakGibibytes ()
        )

    printfn
        "| rows per table | admissions | scan (s) | scan by hour 24 (s) | cohort (s) | ratio | peak before (GiB) | peak (GiB) |"

    printfn $"{line}"
    0
