namespace CausalDebiasing.Bench.Datasets

open System.Collections.Generic
open CausalDebiasing.Runtime

/// What the columns that are not features say about a row.
type ManifestRow = {
    Place: CellPlace
    Outcome: bool option
    Site: string
    /// Identity of the patient, unique over files.
    Patient: string
    /// 0 training, 1 validation, 2 test; 0 where there is no such column.
    Part: int
    /// 0 where there is no such column.
    Time: float
}

/// All rows of a manifest's files.
type ManifestTable = {
    Rows: ManifestRow[]
    /// By column.
    Features: Map<string, ManifestFeature>
    /// Of columns that name rows of linked files, by column: what each row says.
    Links: Map<string, string option[]>
    Groups: PatientGroups list
}

module ManifestRows =
    let private onlySite = "all"

    /// A row of the file under `path`, given how to get at a column's known cell.
    let private row
        (outcome: ManifestOutcomeReader)
        (time: ManifestTime option)
        (manifest: Manifest)
        (file: ManifestFile)
        path
        number
        (cell: string -> string option)
        =
        let place column = {
            File = path
            Row = number
            Column = column
        }

        let required column =
            match cell column with
            | Some text -> text
            | None ->
                TableError.refuseCell path number column "the cell is missing" "fill it in or remove the row"

        let patient =
            match manifest.Patient with
            | Some column -> CodeText.canonical (required column)
            | None -> $"%s{file.Path} %09d{number}"

        {
            Place = place manifest.Outcome.Column
            Outcome =
                cell manifest.Outcome.Column
                |> Option.bind (fun text -> outcome.Read(place manifest.Outcome.Column, text))
            Site =
                match file.Site, manifest.Site with
                | Some site, _ -> site
                | None, Some column -> CodeText.canonical (required column)
                | None, None -> onlySite
            Patient =
                (file.Site |> Option.map (fun site -> site + "/") |> Option.defaultValue "")
                + patient
            Part =
                match manifest.Split with
                | Some column -> ManifestCells.part (place column) (cell column)
                | None -> 0
            Time =
                match manifest.Time, time with
                | Some column, Some time -> time.Read(place column, cell column)
                | _ -> 0.
        }

    let private reader where manifest name : ManifestFeature =
        let missing, column = Manifest.missing manifest name, Manifest.column manifest name

        match column.Vector with
        | Some length -> ManifestVector(missing, length)
        | None -> ManifestScalar(where, name, missing, Manifest.decimalMark manifest name, column)

    /// Reads the files, given with the paths where they were found. Raises InputException for a column that is not
    /// there and for a cell that cannot be read.
    let read where (manifest: Manifest) (files: (ManifestFile * string) list) : ManifestTable =
        let features = Manifest.features manifest

        let readers = [| for name in features -> reader where manifest name |]

        let groups = [
            for spec in Manifest.subgroups manifest ->
                spec.Column,
                ManifestGroupReader(
                    where,
                    spec,
                    Manifest.missing manifest spec.Column,
                    Manifest.decimalMark manifest spec.Column
                )
        ]

        let columns =
            List.distinct (features @ List.map snd (Manifest.roles manifest) @ List.map fst groups)

        let position = columns |> Seq.mapi (fun i name -> name, i) |> dict

        let missing =
            dict [
                for _, name in Manifest.roles manifest -> name, Manifest.missing manifest name
            ]

        let outcome =
            ManifestOutcomeReader(
                where,
                manifest.Outcome,
                Manifest.decimalMark manifest manifest.Outcome.Column
            )

        let time =
            manifest.Time
            |> Option.map (fun column ->
                ManifestTime(
                    where,
                    (Manifest.column manifest column).Format,
                    Manifest.decimalMark manifest column
                ))

        let rows = List<ManifestRow>()

        let links =
            Manifest.links manifest
            |> List.map (fun column -> column, List<string option>())

        let ids = HashSet<string>()

        for file, path in files do
            TableFile.iterateWith manifest.Header path columns (fun number cells ->
                let cell column =
                    missing[column].Known cells[position[column]]

                match manifest.Id |> Option.map (fun column -> column, cell column) with
                | Some(column, Some id) when not (ids.Add($"{file.Site}/{CodeText.canonical id}")) ->
                    TableError.refuseCell path number column "the id occurs twice" "keep one of the rows"
                | Some(column, None) ->
                    TableError.refuseCell
                        path
                        number
                        column
                        "the id is missing"
                        "fill it in or remove the row"
                | _ -> ()

                rows.Add(row outcome time manifest file path number cell)

                for column, said in links do
                    said.Add(cell column |> Option.map CodeText.canonical)

                for column, reader in groups do
                    reader.Add(
                        {
                            File = path
                            Row = number
                            Column = column
                        },
                        cells[position[column]]
                    )

                readers
                |> Array.iteri (fun i reader ->
                    reader.Add(
                        {
                            File = path
                            Row = number
                            Column = features[i]
                        },
                        cells[i]
                    )))

        if rows.Count = 0 then
            raise (InputException $"{where}: its files hold no row after the header; add rows.")

        outcome.Check()

        {
            Rows = rows.ToArray()
            Features = Map.ofSeq (Seq.zip features readers)
            Links = Map [ for column, said in links -> column, said.ToArray() ]
            Groups = [ for _, reader in groups -> reader.Groups ]
        }
