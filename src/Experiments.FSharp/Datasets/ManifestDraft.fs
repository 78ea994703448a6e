namespace CausalDebiasing.Bench.Datasets

open System
open System.Collections.Generic
open System.IO
open CausalDebiasing.Cohorts

/// A first manifest for a table, by looking at its columns; a person has to correct it.
module ManifestDraft =
    let private mostLevels = 20
    let private missingWords = [ "?"; "NA"; "N/A"; "NaN"; "nan"; "null"; "NULL"; "None"; "." ]

    /// What is remembered of a column.
    type private Seen = {
        Name: string
        /// Distinct known cells, up to one more than can be levels.
        Values: HashSet<string>
        MissingWords: HashSet<string>
        Missing: List<bool>
        mutable IsNumeric: bool
        mutable IsUnique: bool
        All: HashSet<string>
    }

    /// The table's file name without extensions.
    let name (table: string) =
        match Path.GetFileName table with
        | null -> table
        | file -> file.Split('.')[0]

    let private look (path: string) =
        let columns = TableFile.columns path

        let seen = [|
            for name in columns ->
                {
                    Name = name
                    Values = HashSet()
                    MissingWords = HashSet()
                    Missing = List()
                    IsNumeric = true
                    IsUnique = true
                    All = HashSet()
                }
        |]

        let add (column: Seen) (cell: string | null) =
            match cell with
            | null -> column.Missing.Add true
            | text when List.contains text missingWords ->
                column.MissingWords.Add text |> ignore
                column.Missing.Add true
            | text ->
                column.Missing.Add false

                if column.Values.Count <= mostLevels then
                    column.Values.Add(ManifestCells.canonical text) |> ignore

                column.IsUnique <- column.All.Add text && column.IsUnique

                column.IsNumeric <-
                    column.IsNumeric
                    && fst (Double.TryParse(text, Globalization.CultureInfo.InvariantCulture))

        TableFile.iterate path columns (fun _ cells -> Array.iter2 add seen cells)
        List.ofArray seen

    let private named (words: string list) (column: Seen) =
        List.contains (column.Name.ToLowerInvariant().Replace("_", "").Replace("-", "")) words

    let private isBinary (column: Seen) = column.Values.SetEquals [ "0"; "1" ]

    let private outcome columns =
        let byName =
            named [
                "outcome"
                "label"
                "target"
                "death"
                "died"
                "dead"
                "mortality"
                "hospitaldeath"
                "inhospitaldeath"
                "event"
                "y"
                "class"
                "num"
            ]

        columns
        |> List.tryFind byName
        |> Option.orElse (columns |> List.filter isBinary |> List.tryLast)
        |> Option.defaultValue (List.last columns)

    let private isConstant (column: Seen) = column.Values.Count < 2

    let private isFreeText (column: Seen) =
        not column.IsNumeric && column.Values.Count > mostLevels

    /// Columns that are missing in the same rows were measured together.
    let private modalities (columns: Seen list) =
        let pattern (column: Seen) =
            column.Missing
            |> Seq.map (fun missing -> if missing then '1' else '0')
            |> Seq.toArray
            |> String

        let groups = columns |> List.groupBy pattern |> List.map (snd >> List.map _.Name)

        let single, rest =
            List.splitAt (min groups.Length (Cohort.MaxModalities - 1)) groups

        let result = OrderedDictionary<string, string list>()

        for names in single do
            result.Add(names.Head, names)

        if not rest.IsEmpty then
            result.Add("other columns", List.concat rest)

        result

    /// The manifest and lines on what was guessed or left out. Raises InputException when the table cannot be read or
    /// no column is left for features.
    let ofTable (path: string) : Manifest * string list =
        let columns = look path

        if columns.Head.Missing.Count = 0 then
            TableFile.refuse path "the table holds no row after the header" "add rows"

        let outcome = outcome columns
        let others = columns |> List.filter (fun column -> column.Name <> outcome.Name)

        let role words =
            others |> List.tryFind (named words) |> Option.map _.Name

        let patient =
            role [ "patient"; "patientid"; "subject"; "subjectid"; "uniquepid"; "pid"; "mrn" ]

        let site =
            role [ "site"; "hospital"; "hospitalid"; "center"; "centre"; "siteid"; "centerid" ]

        let split = role [ "split"; "fold"; "part" ]

        let id =
            others
            |> List.tryFind (fun column ->
                column.IsUnique
                && column.All.Count = column.Missing.Count
                && named
                    [
                        "id"
                        "stayid"
                        "recordid"
                        "rowid"
                        "icustayid"
                        "hadmid"
                        "patientunitstayid"
                    ]
                    column)
            |> Option.map _.Name

        let taken = List.choose Operators.id [ patient; site; split; id ]

        let free =
            others |> List.filter (fun column -> not (List.contains column.Name taken))

        let usable =
            free |> List.filter (fun column -> not (isConstant column || isFreeText column))

        if usable.IsEmpty then
            TableFile.refuse
                path
                "no column is left for features"
                "add columns with numbers or few distinct words"

        let manifest: Manifest = {
            Name = name path
            Title = None
            Licence = None
            Source = None
            Files = [
                {
                    Path = Path.GetFileName path |> Option.ofObj |> Option.defaultValue path
                    Site = None
                }
            ]
            Outcome = {
                Column = outcome.Name
                Positive = if isBinary outcome then None else Some "> 0"
            }
            Modalities = modalities usable
            Columns =
                match usable |> List.filter (fun column -> not column.IsNumeric) with
                | [] -> None
                | words ->
                    Some(
                        Map [
                            for column in words ->
                                column.Name,
                                {
                                    Missing = None
                                    Categorical = Some true
                                    Levels = None
                                    Unknown = None
                                }
                        ]
                    )
            Missing =
                match columns |> Seq.collect _.MissingWords |> Seq.distinct |> List.ofSeq with
                | [] -> None
                | words -> Some words
            Id = id
            Patient = patient
            Site = site
            Split = split
            Time = None
        }

        manifest,
        [
            $"Outcome: column '{outcome.Name}' (guessed)."
            $"Modalities: columns that are missing in the same rows are together."
            for column in free do
                if isConstant column then
                    $"Left out: column '{column.Name}' has fewer than two values."
                elif isFreeText column then
                    $"Left out: column '{column.Name}' has more than {mostLevels} distinct words."
        ]
