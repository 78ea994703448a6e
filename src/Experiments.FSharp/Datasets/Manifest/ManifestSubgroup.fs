namespace CausalDebiasing.Bench.Datasets

open System
open System.Collections.Generic
open CausalDebiasing.Runtime

/// A column by which predictions are judged apart. It may be a feature or not.
type ManifestSubgroup = {
    Column: string
    /// What results call it; the column's name if not given.
    Name: string option
    /// Of a column of numbers: ascending, each begins a band.
    Bands: float list option
    /// What results call the codes of the column; as they are if not given.
    Labels: Map<string, string> option
}

/// The groups of a column, gathered row by row.
type ManifestGroupReader(where: string, spec: ManifestSubgroup, missing: MissingCodes, decimalMark: char) =
    // More groups could name patients.
    static let most = 50
    let names = List<string>()

    let labels =
        spec.Labels
        |> Option.defaultValue Map.empty
        |> Map.toSeq
        |> Seq.map (fun (code, name) -> CodeText.canonical code, name)
        |> dict

    let band limits place text =
        PatientGroups.band limits (float (ManifestCells.number place decimalMark text))

    let label (text: string) =
        let code = CodeText.canonical text

        match labels.TryGetValue code with
        | true, name -> name
        | _ -> code

    /// Takes the cell of the next row. Raises InputException for one that is no number where the column has bands.
    member _.Add(place: CellPlace, cell: string | null) =
        names.Add(
            match spec.Bands with
            | Some limits ->
                match missing.KnownNumber(decimalMark, cell) with
                | Some text -> band limits place text
                | None -> PatientGroups.unknown
            | None ->
                match missing.Known cell with
                | Some text -> label text
                | None -> PatientGroups.unknown
        )

    /// The groups of all rows. Raises InputException where there are so many that they could name patients.
    member _.Groups: PatientGroups =
        let distinct = (Seq.distinct names |> Seq.length)

        if distinct > most then
            raise (
                InputException
                    $"{where}: column '{spec.Column}' under 'subgroups' has {distinct} groups; give 'bands' of numbers, or choose a column with at most {most} values."
            )

        {
            Kind = spec.Name |> Option.defaultValue spec.Column
            Names = names.ToArray()
        }

module ManifestSubgroup =
    let private refuse (where: string) problem remedy =
        raise (InputException $"{where}: {problem}; {remedy}.")

    /// Kinds of groups that every test has.
    let private taken = [ "site"; "pattern"; "modalities" ]

    let private kind spec =
        spec.Name |> Option.defaultValue spec.Column

    /// Raises InputException for subgroups that contradict themselves or each other.
    let check where (specs: ManifestSubgroup list) =
        for number, spec in List.indexed specs do
            if isNull (box spec) || String.IsNullOrWhiteSpace spec.Column then
                refuse
                    where
                    $"'subgroups', entry {number + 1}, has no 'column'"
                    "name a column of the files there"

            match spec.Bands with
            | Some [] ->
                refuse where $"'bands' of subgroup '{spec.Column}' is empty" "give limits, or leave it out"
            | Some limits when
                List.exists (Double.IsFinite >> not) limits
                || List.distinct (List.sort limits) <> limits
                ->
                refuse
                    where
                    $"'bands' of subgroup '{spec.Column}' do not ascend"
                    "give each limit once, the least first"
            | Some _ when spec.Labels.IsSome ->
                refuse where $"subgroup '{spec.Column}' has both 'bands' and 'labels'" "leave one out"
            | _ -> ()

            if List.contains (kind spec) taken then
                refuse
                    where
                    $"subgroup '{spec.Column}' is named as those that every test has"
                    "give it another 'name'"

        for name, count in List.countBy kind specs do
            if count > 1 then
                refuse where $"{count} subgroups are named '{name}'" "give each another 'name'"
