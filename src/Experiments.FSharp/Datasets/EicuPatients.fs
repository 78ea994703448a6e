namespace CausalDebiasing.Bench.Datasets

open System.Collections.Generic
open System.IO
open CausalDebiasing.Runtime

/// What a site is in eICU.
type EicuSite =
    /// Region of the United States; "unknown" where the hospital has none.
    | Region
    | Hospital

/// Patient, site and in-hospital death of the stays in the eICU Collaborative Research Database (Pollard et al.,
/// Scientific Data 5:180178, 2018).
module EicuPatients =
    let patientFile = "patient.csv.gz"
    let hospitalFile = "hospital.csv.gz"
    let private stayColumn = "patientunitstayid"
    let private statusColumn = "hospitaldischargestatus"

    /// The cell's text. Raises InputException when there is none.
    let required path row column (cell: string | null) =
        match cell with
        | null -> TableFile.refuseCell path row column "the cell is missing" "restore the official file"
        | text -> text

    /// Region by hospital. Raises InputException for a hospital that occurs twice.
    let regions path =
        let regions = Dictionary<string, string>()

        TableFile.iterate path [ "hospitalid"; "region" ] (fun row cells ->
            let region =
                match cells[1] with
                | null -> "unknown"
                | region -> region

            if not (regions.TryAdd(required path row "hospitalid" cells[0], region)) then
                TableFile.refuseCell
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
            TableFile.refuseCell
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
            TableFile.refuseCell
                path
                row
                "hospitalid"
                $"the hospital has no row in {hospitalFile}"
                "restore the official files"

    /// Facts by stay, read from the folder's official tables. Raises InputException for codes that do not exist, a
    /// stay that occurs twice, and a hospital without a row.
    let read (site: EicuSite) folder : Dictionary<int64, StayFacts> =
        let path = Path.Combine(folder, patientFile)
        let regions = regions (Path.Combine(folder, hospitalFile))
        let facts = Dictionary<int64, StayFacts>()

        TableFile.iterate path [ stayColumn; "uniquepid"; "hospitalid"; statusColumn ] (fun row cells ->
            let hospital = required path row "hospitalid" cells[2]

            let stay = {
                Patient = required path row "uniquepid" cells[1]
                Site = siteOf site regions path row hospital
                Outcome = died path row statusColumn cells[3]
            }

            if not (facts.TryAdd(YaibFiles.id path row stayColumn cells[0], stay)) then
                TableFile.refuseCell path row stayColumn "the stay occurs twice" "restore the official file")

        facts

    /// The facts of one stay. Raises InputException when it is not there.
    let find (facts: Dictionary<int64, StayFacts>) stay =
        match facts.TryGetValue stay with
        | true, found -> found
        | _ ->
            raise (
                InputException
                    $"{patientFile}: a stay of the cohort's sta has no row in it; use the cohort and the tables of one database."
            )
