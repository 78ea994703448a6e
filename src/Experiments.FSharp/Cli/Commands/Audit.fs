/// `audit`: what is wrong with data, and should they be debiased?
module CausalDebiasing.Bench.Cli.Commands.Audit

open System.Diagnostics
open System.IO
open CausalDebiasing.Bench.Audit
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Reporting
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Runtime

/// Lines on how far it is, with the time since the start.
let private progress () =
    let clock = Stopwatch.StartNew()

    fun (line: string) ->
        let time = clock.Elapsed
        eprintfn $"{int time.TotalMinutes}:{time.Seconds:D2}  {line}"

/// The patients that are trained and validated on in a world; what it tests on is what an audit cannot see.
let private ofWorld access name seed : LoadedCohort =
    let entry =
        (Suite.catalogWith access [] []).Datasets
        |> List.find (fun entry -> entry.Name = name)

    let _, study =
        entry.Canonical {
            DataSpec.asItIs name seed with
                MechanismStrength = UsualCondition.mechanismStrength
                Confounding = UsualCondition.confounding
                Signal = UsualCondition.signal
        }
        |> Suite.study access

    let cohort = study.Train.Concat study.Validation

    {
        Cohort = cohort
        Card = CohortCard.ofCohort name [] [] 0 None cohort
        Split = None
        Groups = []
        ContentHash = ""
    }

/// A first manifest of a table beside the audit, unless it is there, perhaps corrected.
let private drafted folder (table: string) =
    let file = Path.Combine(folder, ManifestDraft.name table + ".json")

    if File.Exists file then
        eprintfn $"The table is read as {file} says."
    else
        let manifest, notes = ManifestDraft.ofTable table None

        let manifest = {
            manifest with
                Files = [
                    {
                        Path = Path.GetFullPath table
                        Site = None
                    }
                ]
        }

        AtomicFile.writeText file (Manifest.write manifest)

        for note in notes do
            eprintfn $"{note}"

        eprintfn $"The table is read as {file} says, which was guessed: correct it and audit again."

    file

let private ofData access folder (name: string) =
    let isTable = TableFile.isNamedTable name && File.Exists name
    let name = if isTable then drafted folder name else name

    match DatasetCatalog.tryFind name with
    | None ->
        let known = WorldCatalog.names @ DatasetCatalog.names

        raise (
            InputException
                $"There is no data set '{name}' here: give a manifest (my.json), a table (csv, csv.gz, Parquet), or a name; {Names.hint known name}"
        )
    | Some { Division = SiteLeftOut _ | Folds _ } ->
        raise (
            InputException
                $"'{name}' divides the rows, and an audit leaves out every site in turn by itself: give the name without '@'."
        )
    | Some dataset ->
        dataset.Status access.Root |> DatasetStatus.require |> ignore
        dataset.Load access

let private coverage first worlds =
    let say = progress ()
    let last = Stopwatch.StartNew()
    say $"{worlds} worlds of each kind"

    let found =
        Coverage.find first worlds (fun finished total ->
            if last.Elapsed.TotalSeconds >= 10. then
                last.Restart()
                say $"{finished} of {total} worlds")

    ConsoleTable.table 160 [
        "what moves", false
        "score", false
        "part", false
        "truth", true
        "bias", true
        "half width", true
        "held", true
    ] [
        for one in found ->
            [
                one.Kind
                one.Score
                one.Part
                NumberText.signed one.Truth
                NumberText.signed one.Bias
                NumberText.number one.HalfWidth
                $"{one.Covered} of {one.Worlds}"
            ]
    ]
    |> printf "%s"

let private audit access folder name seed =
    let say = progress ()
    RunFolder.make folder
    say $"reading {ShownText.byName name}"

    let loaded =
        if List.contains name WorldCatalog.names then
            ofWorld access name seed
        else
            ofData access folder name

    let report =
        AuditData.ofLoaded (ShownText.byName name) loaded |> AuditReport.make say seed

    let page, json =
        Path.Combine(folder, "audit.html"), Path.Combine(folder, "audit.json")

    AtomicFile.writeText page (AuditPage.render report)
    AtomicFile.writeText json (AuditJson.write report)

    for line in AuditText.console report do
        printfn $"{line}"

    printfn $"Wrote {page} and {json}."

let run arguments =
    let options = Parsing.parse<AuditArgument> "audit" arguments
    // As workers do: with another number of threads the last digits differ.
    TorchRuntime.Threads <- 1
    let seed = options.GetResult(AuditArgument.Seed, defaultValue = 1)

    match options.TryGetResult AuditArgument.Data, options.TryGetResult AuditArgument.Coverage with
    | None, Some worlds when worlds >= 1 -> coverage seed worlds
    | None, Some worlds ->
        raise (InputException $"--coverage {worlds} is out of range: give a whole number of at least 1.")
    | Some _, Some _ -> raise (InputException "--coverage draws its own worlds: give no data set with it.")
    | None, None ->
        raise (
            InputException
                "audit needs data: a manifest (my.json), a table (csv, csv.gz, Parquet), or a name."
        )
    | Some name, None ->
        let access = Suite.dataAccess (options.TryGetResult AuditArgument.Data_Root)

        let folder =
            options.GetResult(
                AuditArgument.Out,
                defaultValue = Path.Combine("results/audit", FileName.safe (ShownText.byName name))
            )

        audit access folder name seed

    Exit.Success
