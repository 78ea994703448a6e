namespace CausalDebiasing.Bench.Datasets

open System
open System.IO
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime

/// Where to read data from, where to keep what was parsed, and whom to tell.
type DataAccess = {
    /// See `DataRoot.resolve`.
    Root: string option
    /// Folder for parsed cohorts; None: parse every time. See `CohortCache.defaultFolder`.
    Cache: string option
    /// Takes one-line notices.
    Report: string -> unit
}

/// A cohort read from files.
type LoadedCohort = {
    Cohort: Cohort
    Card: CohortCard
    /// None: split at random by patient.
    Split: GivenSplit option
    /// Those that the data record; they count for no cell.
    Groups: PatientGroups list
    /// SHA-256 of the files' contents and the reader's version; the same for folder and archive.
    ContentHash: string
}

/// What a reader has made of files: the cohort and all that the card and the study need beside it.
type PreparedCohort = {
    Cohort: Cohort
    Exclusions: Exclusion list
    /// See `CohortCard.Absent`.
    Absent: string list
    ImplausibleValues: int
    Split: GivenSplit option
    /// See `LoadedCohort.Groups`.
    Groups: PatientGroups list
    ContentHash: string
}

module PreparedCohort =
    let private exclusion (line: string) =
        let space = line.IndexOf ' '

        {
            Reason = line[space + 1 ..]
            Rows = int line[.. space - 1]
        }

    let private toStored (prepared: PreparedCohort) : StoredCohort = {
        Cohort = prepared.Cohort
        Attributes =
            Map [
                "content", prepared.ContentHash
                "implausible values", string prepared.ImplausibleValues
                "exclusions",
                prepared.Exclusions
                |> List.map (fun exclusion -> $"{exclusion.Rows} {exclusion.Reason}")
                |> String.concat "\n"
                "absent", String.concat "\n" prepared.Absent
                if not prepared.Groups.IsEmpty then
                    "groups", Json.write prepared.Groups
                match prepared.Split with
                | Some split ->
                    "parts", split.Parts |> Array.map string |> String.concat ""
                    "condition", split.Condition
                | None -> ()
            ]
    }

    let private ofStored name (stored: StoredCohort) : LoadedCohort =
        let split =
            Map.tryFind "parts" stored.Attributes
            |> Option.map (fun parts -> {
                Parts = [| for part in parts -> int part - int '0' |]
                Condition = stored.Attributes["condition"]
            })

        let exclusions =
            stored.Attributes["exclusions"].Split('\n', StringSplitOptions.RemoveEmptyEntries)
            |> Array.map exclusion
            |> List.ofArray

        let absent =
            stored.Attributes["absent"].Split('\n', StringSplitOptions.RemoveEmptyEntries)
            |> List.ofArray

        let implausible = int stored.Attributes["implausible values"]

        {
            Cohort = stored.Cohort
            Card = CohortCard.ofCohort name exclusions absent implausible split stored.Cohort
            Split = split
            Groups =
                Map.tryFind "groups" stored.Attributes
                |> Option.map Json.read<PatientGroups list>
                |> Option.defaultValue []
            ContentHash = stored.Attributes["content"]
        }

    let private checkUnchanged paths hashes =
        for path, hash in List.zip paths hashes do
            if FileContent.hash path <> hash then
                raise (InputException $"{path}: the file changed while it was read; run the command again.")

    /// The data set's cohort: from the cache, when all that it depends on (`inputs`: options and reader's version; the
    /// contents of the files) is as it was, else prepared and kept there. `prepare` is given the hashes of the files.
    /// Raises InputException when a file changes under way.
    let load (access: DataAccess) name inputs (paths: string list) (prepare: string list -> PreparedCohort) =
        let hashes = List.map FileContent.hash paths

        let files =
            List.map2 (fun (path: string) hash -> $"{Path.GetFullPath path}|{hash}") paths hashes

        let key = CohortCache.key ("prepared cohort 3" :: inputs @ files)

        let build () =
            let prepared = prepare hashes
            checkUnchanged paths hashes
            toStored prepared

        CohortCache.loadOrBuild access.Cache access.Report key build |> ofStored name
