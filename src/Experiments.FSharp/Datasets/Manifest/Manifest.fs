namespace CausalDebiasing.Bench.Datasets

open System
open System.Collections.Generic
open System.IO
open System.Text.Json
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime

/// A table file, with the site of all its rows if it has one.
type ManifestFile = { Path: string; Site: string option }

/// The column with the outcome. `Positive` says which values are events: "> 0" (also >=, <, <=, with a number; all other
/// numbers are none) or "= dead | expired"; `Negative` says which are none: words must all be named in one of the two, or be
/// missing. Without either, the column holds 0 and 1 (or false and true).
type ManifestOutcome = {
    Column: string
    Positive: string option
    Negative: string option
}

/// How a column differs from a plain number, or from an ISO date.
type ManifestColumn = {
    /// Codes that mean missing in this column.
    Missing: string list option
    /// One-hot by level; a column with `levels` is.
    Categorical: bool option
    /// The levels; all that the files hold if not given.
    Levels: string list option
    /// What a value that is none of `levels` is: "error" (the default) or "missing".
    Unknown: string option
    /// Decimal mark of its numbers, "." or ","; the manifest's if not given.
    Decimal: string option
    /// How the time column writes dates, such as "dd/MM/yyyy" (d day, M month, y year, HH hour, mm minute).
    Format: string option
    /// Numbers in each of its cells, which are vectors.
    Vector: int option
} with

    /// A plain number.
    static member Plain = {
        Missing = None
        Categorical = None
        Levels = None
        Unknown = None
        Decimal = None
        Format = None
        Vector = None
    }

/// Describes tables as a cohort: which column means what. Written as JSON by users.
type Manifest = {
    /// Names the data set in results.
    Name: string
    Title: string option
    Licence: string option
    /// Where the files come from.
    Source: string option
    /// Looked for beside the manifest, then under the data root.
    Files: ManifestFile list
    /// Names of the columns, in order, of csv files that begin with data. A first row that holds these names is no data.
    Header: string list option
    /// Decimal mark of the numbers: "." (the default) or ",".
    Decimal: string option
    Outcome: ManifestOutcome
    /// In order, each columns of the files, observed where one of them is ("emb_0..emb_767" is a range), or a file of its own.
    Modalities: OrderedDictionary<string, ManifestModality>
    Columns: Map<string, ManifestColumn> option
    /// Codes that mean missing in every column; an empty cell always does.
    Missing: string list option
    /// Column that identifies the row; no value may repeat.
    Id: string option
    /// Column that identifies the patient (within the site, where files have sites); every row is a patient of its own
    /// if not given.
    Patient: string option
    /// Column with the site, where one file holds several.
    Site: string option
    /// Column with "train", "validation" or "test"; split at random if neither this nor `time` is given.
    Split: string option
    /// Column with numbers or dates, all written in one way: the last 20 % of patients are for testing, the 10 % before for validation.
    Time: string option
    /// Columns by which predictions are judged apart. They count for no result, and may be given at any time.
    Subgroups: ManifestSubgroup list option
}

module Manifest =
    let private refuse (where: string) problem remedy =
        raise (InputException $"{where}: {problem}; {remedy}.")

    /// Indented JSON.
    let write (manifest: Manifest) =
        JsonSerializer.Serialize(manifest, JsonDialect.handwritten) + "\n"

    /// All feature columns, modality after modality.
    let features (manifest: Manifest) =
        manifest.Modalities.Values
        |> Seq.collect (fun modality ->
            match modality with
            | Columns columns -> columns
            | Linked _ -> [])
        |> List.ofSeq

    /// Modalities that have files of their own, by name.
    let linked (manifest: Manifest) = [
        for pair in manifest.Modalities do
            match pair.Value with
            | Linked linked -> pair.Key, linked
            | Columns _ -> ()
    ]

    /// Columns of the files that name rows of linked files.
    let links (manifest: Manifest) =
        linked manifest
        |> List.choose (fun (_, linked) -> if linked.Row.IsSome then linked.Row else manifest.Id)
        |> List.distinct

    /// Columns that are not features.
    let roles (manifest: Manifest) =
        [
            "outcome", Some manifest.Outcome.Column
            "id", manifest.Id
            "patient", manifest.Patient
            "site", manifest.Site
            "split", manifest.Split
            "time", manifest.Time
            for _, linked in linked manifest do
                "row", linked.Row
        ]
        |> List.choose (fun (role, column) -> Option.map (fun column -> role, column) column)

    /// Columns by which predictions are judged apart.
    let subgroups (manifest: Manifest) =
        Option.defaultValue [] manifest.Subgroups

    /// What the data and their reading depend on, as text: all but the subgroups.
    let content (manifest: Manifest) =
        write { manifest with Subgroups = None }

    /// How the column is read.
    let column (manifest: Manifest) name =
        manifest.Columns
        |> Option.bind (Map.tryFind name)
        |> Option.defaultValue ManifestColumn.Plain

    /// Codes that mean missing in the column.
    let missing (manifest: Manifest) name =
        MissingCodes(
            Option.defaultValue [] manifest.Missing
            @ Option.defaultValue [] (column manifest name).Missing
        )

    /// Decimal mark of the column's numbers.
    let decimalMark (manifest: Manifest) name =
        (column manifest name).Decimal
        |> Option.orElse manifest.Decimal
        |> Option.map (fun mark -> mark[0])
        |> Option.defaultValue '.'

    let private checkPresent where (manifest: Manifest) =
        HandwrittenJson.requirePresent where [
            "name", box manifest.Name
            "files", box manifest.Files
            "outcome", box manifest.Outcome
            "modalities", box manifest.Modalities
        ]

        if obj.ReferenceEquals(manifest.Outcome.Column, null) then
            refuse where "the property 'outcome.column' is missing" "name the column with the outcome"

    let private checkFiles where (manifest: Manifest) =
        if manifest.Files.IsEmpty then
            refuse where "'files' is empty" "name at least one table"

        for number, file in List.indexed manifest.Files do
            if isNull (box file) || String.IsNullOrWhiteSpace file.Path then
                refuse where $"'files', entry {number + 1}, has no 'path'" "name the table's file there"

        let withSite = manifest.Files |> List.filter _.Site.IsSome

        if withSite.Length > 0 && withSite.Length < manifest.Files.Length then
            refuse where "some of 'files' have a site and some have none" "give each a site, or none"

        if withSite.Length > 0 && manifest.Site.IsSome then
            refuse where "both 'files' and the column 'site' give sites" "remove one of the two"

    let private checkDecimal where mark =
        match mark with
        | None
        | Some "."
        | Some "," -> ()
        | Some _ -> refuse where "'decimal' is no decimal mark" "write \".\" or \",\""

    let private checkVector where name column =
        match column.Vector with
        | None -> ()
        | Some length when length < 1 ->
            refuse where $"'vector' of column '{name}' is {length}" "give the numbers in each of its vectors"
        | Some _ ->
            if column.Categorical.IsSome || column.Levels.IsSome || column.Decimal.IsSome then
                refuse
                    where
                    $"column '{name}' is a vector and something else"
                    "leave 'categorical', 'levels' and 'decimal' out"

    let private checkModalities where (manifest: Manifest) =
        if
            manifest.Modalities.Count = 0
            || manifest.Modalities.Count > Cohort.MaxModalities
        then
            refuse
                where
                $"there are {manifest.Modalities.Count} modalities"
                $"group the columns into 1 to {Cohort.MaxModalities}"

        for pair in manifest.Modalities do
            match pair.Value with
            | Columns [] ->
                refuse where $"modality '{pair.Key}' has no columns" "name at least one, or remove it"
            | Columns _ -> ()
            | Linked linked ->
                let content = LinkedTable.content where pair.Key linked

                if content <> Rows && manifest.Id.IsNone then
                    refuse
                        where
                        $"modality '{pair.Key}' has a file of its own, whose ids belong to no column"
                        "name the column of 'files' with the ids under 'id'"

        let features = features manifest

        for name, count in List.countBy id features do
            if count > 1 then
                refuse where $"column '{name}' is in the modalities {count} times" "name it once"

        for role, name in roles manifest do
            if List.contains name features && role <> "site" then
                refuse where $"column '{name}' is both '{role}' and a feature" "remove it from the modalities"

        for pair in manifest.Columns |> Option.defaultValue Map.empty do
            if
                not (List.contains pair.Key features)
                && not (List.exists (snd >> (=) pair.Key) (roles manifest))
                && not (subgroups manifest |> List.exists (fun own -> own.Column = pair.Key))
            then
                refuse
                    where
                    $"'columns' describes '{pair.Key}', which is in no modality"
                    "add it to one, or remove it"

            checkDecimal where pair.Value.Decimal
            checkVector where pair.Key pair.Value

            if pair.Value.Format.IsSome && manifest.Time <> Some pair.Key then
                refuse
                    where
                    $"'format' describes '{pair.Key}', which is not the time column"
                    "remove it, or name the column under 'time'"

            match pair.Value.Unknown with
            | None
            | Some "error"
            | Some "missing" -> ()
            | Some _ ->
                refuse where $"'unknown' of column '{pair.Key}' is none of its words" "write error or missing"

    let private expand where (manifest: Manifest) =
        let modalities = OrderedDictionary<string, ManifestModality>()

        for pair in manifest.Modalities do
            modalities.Add(
                pair.Key,
                match pair.Value with
                | Columns columns -> Columns(List.collect (ColumnRange.expand where) columns)
                | linked -> linked
            )

        {
            manifest with
                Modalities = modalities
        }

    let private check where manifest =
        checkPresent where manifest
        let manifest = expand where manifest
        FileName.check where manifest.Name
        checkFiles where manifest
        checkDecimal where manifest.Decimal
        ManifestSubgroup.check where (subgroups manifest)
        checkModalities where manifest

        if manifest.Split.IsSome && manifest.Time.IsSome then
            refuse where "both 'split' and 'time' say how to split" "remove one of the two"

        manifest

    /// Reads the JSON of a manifest; `where` is the file in messages. Raises InputException when it is not JSON, has a
    /// property that does not exist or lacks one that must, or contradicts itself.
    let parse (where: string) (text: string) : Manifest =
        HandwrittenJson.read where "manifest" text |> check where

    /// Reads a manifest's file. Raises InputException.
    let read (path: string) =
        if TableFile.isNamedTable path then
            raise (
                InputException
                    $"{path}: this is a table and no manifest; 'data init {path}' writes a first manifest for it."
            )

        let text =
            try
                File.ReadAllText path
            with
            | :? IOException
            | :? UnauthorizedAccessException ->
                raise (InputException $"{path}: there is no manifest that can be read; check the path.")

        parse path text
