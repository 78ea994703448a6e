namespace CausalDebiasing.Bench.Datasets

open System
open System.Collections.Generic
open System.IO
open CausalDebiasing.Cohorts

/// A first manifest for a table, by looking at its columns; a person has to correct it.
module ManifestDraft =
    /// The table's file name without extensions.
    let name (table: string) =
        match Path.GetFileName table with
        | null -> table
        | file -> file.Split('.')[0]

    let private look (path: string) =
        let names = TableFile.columns path
        TableFile.requireHeader path names
        let cells = names |> List.map (fun _ -> List<string | null>()) |> Array.ofList

        TableFile.iterate path names (fun _ row ->
            Array.iter2 (fun (list: List<_>) cell -> list.Add cell) cells row)

        if cells[0].Count = 0 then
            TableError.refuse path "the table holds no row after the header" "add rows"

        [ for name, cells in Seq.zip names cells -> DraftColumn(name, cells.ToArray()) ]

    let private outcomeOf path (columns: DraftColumn list) (asked: string option) =
        let found =
            match asked with
            | Some name ->
                TableFile.requireColumns path [ name ]
                columns |> List.tryFind (fun column -> column.Name = name)
            | None -> DraftOutcome.column columns

        match found with
        | Some column when DraftOutcome.isPossible column -> column
        | Some column ->
            TableError.refuse
                path
                $"column '{column.Name}' does not tell events from others: it needs two values, at most {DraftColumn.MostWords} words, or numbers on both sides of 0"
                "name the outcome's column by --outcome"
        | None when columns.Length = 1 ->
            TableError.refuse
                path
                "the table has one column only"
                "part its cells by commas, semicolons, tabs or bars"
        | None -> TableError.refuse path "no column looks like the outcome" "name it by --outcome"

    /// An identifier that repeats more often is a code, not a patient.
    let private mostRowsPerPatient = 20

    /// Who the rows are of.
    type private Roles = {
        Id: DraftColumn option
        Patient: DraftColumn option
        Site: DraftColumn option
        Split: DraftColumn option
        /// Identifiers that have no part.
        Unused: DraftColumn list
    }

    let private roles (others: DraftColumn list) =
        let named test =
            others |> List.filter (fun column -> test column.Name)

        let split = named DraftNames.isSplit |> List.tryHead

        let patients =
            named DraftNames.isPatient |> List.sortBy (fun column -> column.IsUnique)

        let site =
            named DraftNames.isSite
            |> List.tryFind (fun column -> not column.IsUnique && column.Values.Length > 1)

        let isFree (column: DraftColumn) =
            [ split; site ]
            |> List.choose id
            |> List.forall (fun other -> other.Name <> column.Name)

        let identifiers =
            others
            |> List.filter (fun column ->
                isFree column
                && (DraftNames.isIdentifier column.Name
                    || DraftNames.isPatient column.Name
                    || column.LooksLikeIdentifier))

        let looksLikePatients (column: DraftColumn) =
            not column.IsUnique
            && column.Values.Length * mostRowsPerPatient > column.Known.Length

        let patient =
            patients
            |> List.tryHead
            |> Option.orElse (
                identifiers
                |> List.filter (fun column -> DraftNames.isIdentifier column.Name && looksLikePatients column)
                |> List.sortByDescending _.Values.Length
                |> List.tryHead
            )

        let id =
            identifiers
            |> List.filter (fun column ->
                column.IsUnique
                && DraftNames.isIdentifier column.Name
                && Some column.Name <> (patient |> Option.map _.Name))
            |> List.tryHead

        let taken = [ id; patient ] |> List.choose (Option.map _.Name)

        {
            Id = id
            Patient = patient
            Site = site
            Split = split
            Unused = identifiers |> List.filter (fun column -> not (List.contains column.Name taken))
        }

    /// Why a column cannot be a feature as it is.
    let private obstacle (column: DraftColumn) =
        match column.Content with
        | Constant -> Some "has fewer than two values"
        | ManyWords -> Some $"has more than {DraftColumn.MostWords} distinct words"
        | Dates -> Some "holds dates; name it under 'time' to test on the last patients"
        | UnclearNumbers ->
            Some
                "holds commas that may separate thousands: remove them, or set its 'decimal' to \",\" if they are decimal marks"
        | Numbers _
        | Vectors _
        | FewWords _ -> None

    /// Embeddings: vectors, and numbered columns, by the name of the modality.
    let private embeddings (columns: DraftColumn list) =
        let numbered =
            columns
            |> List.filter _.Content.IsNumbers
            |> List.map _.Name
            |> ColumnRange.runs
            |> List.map (fun (stem, names) -> stem.TrimEnd('_', '-', '.', ' '), names)

        [
            for column in columns do
                if column.Content.IsVectors then
                    column.Name, [ column.Name ]
            for stem, names in numbered do
                stem, names
        ]

    /// A range in place of its columns.
    let private shortened names =
        match ColumnRange.runs names with
        | [ _, run ] when run = names -> [ $"{List.head names}..{List.last names}" ]
        | _ -> names

    /// Embeddings are modalities of their own; other columns that are missing in the same rows were measured together.
    let private modalities (all: DraftColumn list) =
        let embeddings = embeddings all

        let columns =
            let taken = set (List.collect snd embeddings)
            all |> List.filter (fun column -> not (taken.Contains column.Name))

        let pattern (column: DraftColumn) =
            column.Known
            |> Array.map (fun cell -> if cell.IsNone then '1' else '0')
            |> String

        let groups =
            columns
            |> List.groupBy pattern
            |> List.map (snd >> List.map _.Name >> fun names -> names.Head, names)
            |> List.append embeddings

        let single, rest =
            List.splitAt (min groups.Length (Cohort.MaxModalities - 1)) groups

        let result = OrderedDictionary<string, ManifestModality>()

        for name, names in single do
            result.Add((if result.ContainsKey name then names.Head else name), Columns(shortened names))

        if not rest.IsEmpty then
            result.Add("other columns", Columns(List.collect snd rest))

        result

    let private described (outcome: DraftColumn) outcomeMissing (usable: DraftColumn list) =
        let entries = [
            for column in usable do
                match column.Content with
                | FewWords _ ->
                    column.Name,
                    {
                        ManifestColumn.Plain with
                            Categorical = Some true
                    }
                | Vectors length ->
                    column.Name,
                    {
                        ManifestColumn.Plain with
                            Vector = Some length
                    }
                | Numbers ',' ->
                    column.Name,
                    {
                        ManifestColumn.Plain with
                            Decimal = Some ","
                    }
                | _ -> ()
            if not (List.isEmpty outcomeMissing) then
                outcome.Name,
                {
                    ManifestColumn.Plain with
                        Missing = Some outcomeMissing
                }
        ]

        if entries.IsEmpty then None else Some(Map entries)

    /// Columns named like sex, ethnicity or age, by which predictions are judged apart.
    let private subgroups (columns: DraftColumn list) : ManifestSubgroup list = [
        for column in columns do
            match column.Content with
            | Numbers _ when DraftNames.isAge column.Name -> {
                Column = column.Name
                Name = None
                Bands = Some PatientGroups.ageLimits
                Labels = None
              }
            | Numbers _
            | FewWords _ when DraftNames.isGroup column.Name && column.Values.Length <= DraftColumn.MostWords -> {
                Column = column.Name
                Name = None
                Bands = None
                Labels = None
              }
            | _ -> ()
    ]

    /// Whether each row is an event, as the drafted outcome says.
    let private labels path (outcome: ManifestOutcome) missing (column: DraftColumn) =
        let reader = ManifestOutcomeReader(path, outcome, '.')
        let isMissing = MissingCodes missing

        column.Known
        |> Array.mapi (fun i cell ->
            cell
            |> Option.bind isMissing.Known
            |> Option.bind (fun text ->
                reader.Read(
                    {
                        File = path
                        Row = i + 1
                        Column = column.Name
                    },
                    text
                )))

    /// The manifest, and lines on what was guessed, left out or must be asked; `outcome` names the outcome's column. Raises
    /// InputException when the table cannot be read, no column can be the outcome, or none is left for features.
    let ofTable (path: string) (outcome: string option) : Manifest * string list =
        let columns = look path
        let column = outcomeOf path columns outcome
        let how = if outcome.IsSome then "" else " (guessed)"
        let outcome, outcomeMissing, answers = DraftOutcome.ofColumn column
        let others = columns |> List.filter (fun other -> other.Name <> column.Name)
        let roles = roles others

        let taken =
            [ roles.Id; roles.Patient; roles.Site; roles.Split ]
            |> List.choose (Option.map _.Name)
            |> List.append (roles.Unused |> List.map _.Name)

        let free = others |> List.filter (fun other -> not (List.contains other.Name taken))
        let usable = free |> List.filter (obstacle >> Option.isNone)

        if usable.IsEmpty then
            TableError.refuse
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
            Header = None
            Decimal = None
            Outcome = outcome
            Modalities = modalities usable
            Columns = described column outcomeMissing usable
            Missing =
                match columns |> Seq.collect _.MissingWords |> Seq.distinct |> List.ofSeq with
                | [] -> None
                | words -> Some words
            Id = roles.Id |> Option.map _.Name
            Patient = roles.Patient |> Option.map _.Name
            Site = roles.Site |> Option.map _.Name
            Split = roles.Split |> Option.map _.Name
            Time = None
            Subgroups =
                match subgroups free with
                | [] -> None
                | found -> Some found
        }

        manifest,
        [
            $"Outcome: column '{column.Name}'{how}."
            yield! answers
            match roles.Id with
            | Some id -> $"Row: column '{id.Name}' (guessed)."
            | None -> ()
            match roles.Patient with
            | Some patient -> $"Patient: column '{patient.Name}' (guessed)."
            | None -> "Patient: no column names one, so that every row is a patient of its own."
            for own in Manifest.subgroups manifest do
                $"Subgroups: by column '{own.Column}' (guessed)."
            "Modalities: columns that are missing in the same rows are together."
            for unused in roles.Unused do
                $"Left out: column '{unused.Name}' looks like an identifier; add it to a modality if it is a measurement."
            for other in free do
                match obstacle other with
                | Some reason -> $"Left out: column '{other.Name}' {reason}."
                | None -> ()
            yield! DraftLeaks.warnings (labels path outcome outcomeMissing column) usable
        ]
