namespace CausalDebiasing.Bench.Datasets

open System
open System.Collections.Generic
open System.Globalization
open System.IO
open CausalDebiasing.Runtime

/// The three tables of a YAIB cohort.
type YaibFiles = {
    /// stay_id, time, and the measured variables.
    Dynamic: string
    /// stay_id, age, sex, height, weight.
    Static: string
    /// stay_id, label.
    Outcomes: string
}

/// What one stay's measurements are within the time window.
type YaibSeries = {
    /// Per entry of `YaibVariables.all`: minute and value (NaN when implausible), by time.
    Series: (struct (int * float32))[][]
    Implausible: int
}

module YaibFiles =
    let private extensions = [ ".parquet"; ".csv.gz"; ".csv" ]
    let private stayColumn = "stay_id"
    let private hour = 3600.

    let private alternatives table =
        extensions |> List.map (fun extension -> table + extension)

    /// The alternatives for each table, for `DataRequirement`.
    let needed = List.map alternatives [ "dyn"; "sta"; "outc" ]

    let private find folder table =
        alternatives table
        |> List.map (fun file -> Path.Combine(folder, file))
        |> List.tryFind File.Exists

    /// The tables in the folder; None when one is not there.
    let tryLocate folder =
        match find folder "dyn", find folder "sta", find folder "outc" with
        | Some dynamic, Some static', Some outcomes ->
            Some {
                Dynamic = dynamic
                Static = static'
                Outcomes = outcomes
            }
        | _ -> None

    let all files = [ files.Dynamic; files.Static; files.Outcomes ]

    /// The whole number that a cell of an id column holds, also as a float. Raises InputException.
    let id path row column (cell: string | null) =
        let code = cell |> Option.ofObj |> Option.map CodeText.canonical |> Option.toObj

        match Int64.TryParse(code, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) with
        | true, id -> id
        | _ -> TableError.refuseCell path row column "the cell is no whole number" "restore the exported file"

    /// R and Python write missing cells so.
    let private known (cell: string | null) : string | null =
        match cell with
        | "NA"
        | "NaN"
        | "nan" -> null
        | cell -> cell

    let private number path row column (cell: string | null) =
        ManifestCells.official path row column (known cell)

    let private sex path row (cell: string | null) =
        match known cell with
        | null -> nanf
        | "Female" -> 0f
        | "Male" -> 1f
        | _ ->
            TableError.refuseCell
                path
                row
                "sex"
                "the code is none of Female and Male"
                "correct it or leave it empty"

    /// Values of `YaibVariables.demographics` by stay. Raises InputException for a stay that occurs twice.
    let readStatic path =
        let stays = SortedDictionary<int64, float32[]>()
        let names = YaibVariables.demographics |> List.map _.Name

        TableFile.iterate path (stayColumn :: names) (fun row cells ->
            let stay = id path row stayColumn cells[0]

            let values = [|
                for i, parameter in Seq.indexed YaibVariables.demographics do
                    let cell = cells[i + 1]

                    Parameter.clean
                        parameter
                        (if parameter.Name = "sex" then
                             sex path row cell
                         else
                             number path row parameter.Name cell)
            |]

            if not (stays.TryAdd(stay, values)) then
                TableError.refuseCell path row stayColumn "the stay occurs twice" "keep one of the rows")

        if stays.Count = 0 then
            TableError.refuse path "the table holds no stay" "restore the exported file"

        stays

    /// Seconds per unit of the column `time`: cohorts count in hours, or (durations in Parquet) in seconds, which are
    /// then all whole hours.
    let private secondsPerUnit path =
        let mutable allHours = true
        let mutable latest = 0.

        TableFile.iterate path [ "time" ] (fun row cells ->
            let time = float (number path row "time" cells[0])

            if Double.IsNaN time then
                TableError.refuseCell path row "time" "the time is missing" "restore the exported file"

            latest <- max latest time
            allHours <- allHours && time % hour = 0.)

        if allHours && latest > 0. then 1. else hour

    /// Measurements of the first `hours` by stay. Raises InputException for a stay that is not in `sta`.
    let readDynamic path hours (stays: SortedDictionary<int64, float32[]>) =
        let unit = secondsPerUnit path
        let names = YaibVariables.all |> Array.map _.Name |> List.ofArray
        let values = Dictionary<int64, List<struct (int * float32)>[]>()
        let implausible = Dictionary<int64, int>()

        TableFile.iterate path (stayColumn :: "time" :: names) (fun row cells ->
            let stay = id path row stayColumn cells[0]
            let minute = int (float (number path row "time" cells[1]) * unit / 60.)

            if not (stays.ContainsKey stay) then
                TableError.refuseCell
                    path
                    row
                    stayColumn
                    "the stay has no row in sta"
                    "restore the exported files"

            if minute >= 0 && minute < 60 * hours then
                if not (values.ContainsKey stay) then
                    values[stay] <- Array.init names.Length (fun _ -> List())
                    implausible[stay] <- 0

                for i in 0 .. names.Length - 1 do
                    let value = number path row names[i] cells[i + 2]

                    if not (Single.IsNaN value) then
                        let cleaned = Parameter.clean YaibVariables.all[i] value

                        if Single.IsNaN cleaned then
                            implausible[stay] <- implausible[stay] + 1

                        let series = values[stay][i]
                        series.Add(struct (minute, cleaned)))

        fun stay ->
            match values.TryGetValue stay with
            | true, lists -> {
                Series =
                    lists
                    |> Array.map (Seq.sortBy (fun struct (minute, _) -> minute) >> Array.ofSeq)
                Implausible = implausible[stay]
              }
            | _ -> {
                Series = Array.create names.Length [||]
                Implausible = 0
              }

    /// Outcome by stay; a label that is missing is unknown. Raises InputException when labels are per hour, not 0 or
    /// 1, or a stay occurs twice.
    let readOutcomes path =
        if List.contains "time" (TableFile.columns path) then
            raise (
                InputException
                    $"{path}, column 'time': the table has a label for every hour; export a task with one label per stay, such as mortality24."
            )

        let outcomes = Dictionary<int64, bool option>()

        TableFile.iterate path [ stayColumn; "label" ] (fun row cells ->
            let outcome =
                match number path row "label" cells[1] with
                | 0f -> Some false
                | 1f -> Some true
                | label when Single.IsNaN label -> None
                | _ ->
                    TableError.refuseCell path row "label" "the outcome is not 0 or 1" "export a binary task"

            if not (outcomes.TryAdd(id path row stayColumn cells[0], outcome)) then
                TableError.refuseCell path row stayColumn "the stay occurs twice" "keep one of the rows")

        outcomes
