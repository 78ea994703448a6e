namespace CausalDebiasing.Bench.Measures

open System
open System.Collections.Generic
open CausalDebiasing.Bench.Results

/// The measures of some of a test's rows.
type Subgroup = {
    /// "site", "pattern" or "modalities", or what else is recorded, such as "sex".
    Kind: string
    /// The site, the modalities that are there, their number, or the group.
    Name: string
    Rows: int
    Patients: int
    Events: int
    Auroc: Measured
    Calibration: Calibration
    NetBenefit: NetBenefit
}

/// All groups of a kind, with what is too small to be shown left out.
type SubgroupKind = {
    Kind: string
    /// Largest first.
    Groups: Subgroup list
    /// Groups with fewer than ten patients with the event, or ten without.
    Suppressed: int
    /// Largest minus smallest AUROC of the groups; NaN below two.
    WorstAurocGap: float
    /// Largest minus smallest ratio of observed to expected events.
    WorstObservedExpectedGap: float
}

module Subgroups =
    let private modalities (pattern: string) =
        string (pattern.Split(TestPredictions.joint, StringSplitOptions.RemoveEmptyEntries).Length)

    /// What rows of every test can be told apart by.
    let kinds: (string * (TestPredictions -> string[])) list = [
        "site", _.Sites
        "pattern", _.Patterns
        "modalities", (fun test -> test.Patterns |> Array.map modalities)
    ]

    let private group threshold kind name (rows: JudgedRows) = {
        Kind = kind
        Name = name
        Rows = rows.Outcomes.Length
        Patients = rows.PatientCount
        Events = JudgedRows.events rows
        Auroc = DeLong.auroc rows
        Calibration = Calibration.ofRows rows
        NetBenefit = NetBenefit.at threshold rows
    }

    let private gap (values: float list) =
        match values |> List.filter (Double.IsNaN >> not) with
        | []
        | [ _ ] -> nan
        | several -> List.max several - List.min several

    /// Rows by the names of their groups; net benefit is at the threshold given.
    let ofNames threshold kind (names: string[]) (rows: JudgedRows) =
        let members = Dictionary<string, ResizeArray<int>>()

        names
        |> Array.iteri (fun row name ->
            if not (members.ContainsKey name) then
                members[name] <- ResizeArray()

            members[name].Add row)

        let sparse, shown =
            [
                for group in members -> group.Key, JudgedRows.select (group.Value.ToArray()) rows
            ]
            |> List.partition (snd >> JudgedRows.isSparse)

        let groups =
            shown
            |> List.map (fun (name, own) -> group threshold kind name own)
            |> List.sortBy (fun group -> -group.Rows, group.Name)

        {
            Kind = kind
            Groups = groups
            Suppressed = sparse.Length
            WorstAurocGap = groups |> List.map _.Auroc.Value |> gap
            WorstObservedExpectedGap = groups |> List.map _.Calibration.ObservedExpected.Value |> gap
        }
