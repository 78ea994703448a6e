namespace CausalDebiasing.Bench.Datasets

open System.Collections.Generic
open CausalDebiasing.Runtime

/// What a site is in eICU.
type EicuSite =
    /// Region of the United States; "unknown" where the hospital has none.
    | Region
    | Hospital

/// Patient, site and in-hospital death of the stays in the eICU Collaborative Research Database (Pollard et al.,
/// Scientific Data 5:180178, 2018).
module EicuPatients =
    let private patientTable = "patient"
    let private hospitalTable = "hospital"

    /// What the demo needs; the full database needs the same files.
    let demo: DataRequirement = {
        Name = "eicu-demo"
        Title = "eICU Collaborative Research Database Demo 2.0.1"
        Licence = Licence.openDatabase
        Source = "https://physionet.org/content/eicu-crd-demo/2.0.1/"
        Files = List.map ClinicalTable.alternatives [ patientTable; hospitalTable ]
    }

    let private locate folder table =
        match ClinicalTable.tryLocate folder table with
        | Some path -> path
        | None ->
            TableError.refuse
                folder
                $"the table '{table}' is not there"
                "restore the official files (csv.gz, csv or Parquet)"

    /// The files of patients and hospitals in the folder of the official tables. Raises InputException when one is not there.
    let files folder =
        locate folder patientTable, locate folder hospitalTable

    let private stayColumn = "patientunitstayid"
    let private statusColumn = "hospitaldischargestatus"

    /// The cell's text, in the one form of a code. Raises InputException when there is none.
    let required path row column (cell: string | null) =
        match cell with
        | null -> TableError.refuseCell path row column "the cell is missing" "restore the official file"
        | text -> CodeText.canonical text

    /// Region by hospital. Raises InputException for a hospital that occurs twice.
    let regions path =
        let regions = Dictionary<string, string>()

        TableFile.iterate path [ "hospitalid"; "region" ] (fun row cells ->
            let region =
                match cells[1] with
                | null -> "unknown"
                | region -> region

            if not (regions.TryAdd(required path row "hospitalid" cells[0], region)) then
                TableError.refuseCell
                    path
                    row
                    "hospitalid"
                    "the hospital occurs twice"
                    "restore the official file")

        regions

    /// Whether the patient had died at a discharge; None when unknown. Raises InputException for other codes.
    let died path row column (cell: string | null) =
        match cell with
        | null -> None
        | "Alive" -> Some false
        | "Expired" -> Some true
        | _ ->
            TableError.refuseCell
                path
                row
                column
                "the code is none of Alive and Expired"
                "restore the official file"

    /// The site of a stay in the hospital. Raises InputException for a hospital without a row.
    let siteOf site (regions: Dictionary<string, string>) path row hospital =
        match site, regions.TryGetValue hospital with
        | Hospital, _ -> hospital
        | Region, (true, region) -> region
        | Region, _ ->
            TableError.refuseCell
                path
                row
                "hospitalid"
                $"the hospital has no row in the table '{hospitalTable}'"
                "restore the official files"

    /// Facts by stay, read from the folder's official tables. Raises InputException for codes that do not exist, a
    /// stay that occurs twice, and a hospital without a row.
    let read (site: EicuSite) folder : Dictionary<int64, StayFacts> =
        let path, hospitals = files folder
        let regions = regions hospitals
        let facts = Dictionary<int64, StayFacts>()

        TableFile.iterate path [ stayColumn; "uniquepid"; "hospitalid"; statusColumn ] (fun row cells ->
            let hospital = required path row "hospitalid" cells[2]

            let stay = {
                Patient = required path row "uniquepid" cells[1]
                Site = siteOf site regions path row hospital
                Outcome = died path row statusColumn cells[3]
            }

            if not (facts.TryAdd(YaibFiles.id path row stayColumn cells[0], stay)) then
                TableError.refuseCell path row stayColumn "the stay occurs twice" "restore the official file")

        facts

    /// The facts of one stay. Raises InputException when it is not there.
    let find (facts: Dictionary<int64, StayFacts>) stay =
        match facts.TryGetValue stay with
        | true, found -> found
        | _ ->
            raise (
                InputException
                    $"Table '{patientTable}' of eICU: a stay of the cohort's sta has no row in it; use the cohort and the tables of one database."
            )
