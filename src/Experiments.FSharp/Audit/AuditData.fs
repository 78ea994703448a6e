namespace CausalDebiasing.Bench.Audit

open System.Collections.Generic
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime

/// What is audited: all rows, whatever parts the data name themselves.
type AuditData = {
    /// As it is shown.
    Name: string
    /// Without a split of its own.
    Loaded: LoadedCohort
    /// Sites that can be left out, the largest first, by name: at both sides there are enough patients, events and others.
    Sites: string list
    /// Sites that cannot, or are beyond the most that are left out.
    SitesLeftAside: int
} with

    member data.Cohort = data.Loaded.Cohort

module AuditData =
    /// Smaller groups say little, and are not shown.
    let smallestGroup = CohortCard.smallestCell

    /// Fewer events make every answer uncertain.
    let fewEvents = 50

    /// Sites that are left out in turn at most, so that the audit stays a matter of minutes.
    let mostSites = 10

    let rows (cohort: Cohort) = [| 0 .. cohort.Count - 1 |]

    /// Whether each row has the event.
    let events (cohort: Cohort) =
        cohort.Labels.ToArray() |> Array.map (fun label -> label > 0f)

    let private has (isEvent: bool[]) (rows: int[]) =
        let events = rows |> Array.filter (fun row -> isEvent[row]) |> Array.length
        min events (rows.Length - events) >= smallestGroup

    /// Rows of a site, by its name.
    let rowsOf (cohort: Cohort) (site: string) =
        let index = cohort.SiteNames |> Seq.findIndex ((=) site)
        rows cohort |> Array.filter (fun row -> cohort.Sites[row] = index)

    /// Rows of patients who were never at the site.
    let rowsElsewhere (cohort: Cohort) (there: int[]) =
        let patients = HashSet(there |> Seq.map (fun row -> cohort.Patients[row]))

        rows cohort
        |> Array.filter (fun row -> not (patients.Contains cohort.Patients[row]))

    let private isUsable cohort isEvent site =
        let there = rowsOf cohort site

        let patients =
            there |> Array.distinctBy (fun row -> cohort.Patients[row]) |> Array.length

        patients >= smallestGroup
        && has isEvent there
        && has isEvent (rowsElsewhere cohort there)

    /// Raises InputException where there are too few rows with or without the outcome for any answer.
    let ofLoaded name (loaded: LoadedCohort) =
        let cohort = loaded.Cohort
        let isEvent = events cohort

        if not (has isEvent (rows cohort)) then
            raise (
                InputException
                    $"Data set '{name}': fewer than {smallestGroup} rows have one of the two outcomes, from which nothing can be told; add rows, or check the outcome column."
            )

        let present =
            cohort.SiteNames
            |> List.ofSeq
            |> List.filter (rowsOf cohort >> Array.isEmpty >> not)

        let usable =
            if present.Length < 2 then
                []
            else
                present
                |> List.filter (isUsable cohort isEvent)
                |> List.sortByDescending (rowsOf cohort >> Array.length)
                |> List.truncate mostSites

        {
            Name = name
            Loaded = { loaded with Split = None }
            Sites = usable
            SitesLeftAside =
                if present.Length < 2 then
                    0
                else
                    present.Length - usable.Length
        }

    /// Whether the rows come from several sites.
    let hasSites (data: AuditData) =
        data.Cohort.Sites.ToArray() |> Array.distinct |> Array.length > 1
