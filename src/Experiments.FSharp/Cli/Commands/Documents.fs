/// `documents`: do the tables of README and docs say what the results say?
module CausalDebiasing.Bench.Cli.Commands.Documents

open System.IO
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Reporting
open CausalDebiasing.Bench.Results
open CausalDebiasing.Runtime

let private evidence = "results/evidence"

let private documents root = [
    "README.md"
    for path in Directory.GetFiles(Path.Combine(root, "docs"), "*.md") |> Array.sort do
        Path.GetRelativePath(root, path)
]

/// The results that a run's last report shows.
let private reported folder = [
    let rows = CellsTable.readCsv (Path.Combine(folder, "cells.csv"))

    for id in
        rows
        |> List.filter (fun row -> row.Status = "done")
        |> List.map _.CellId
        |> List.distinct do
        match Store.readCell folder id with
        | Found stored -> "", stored.Result
        | NotFound ->
            raise (
                InputException
                    $"'{folder}' has no result of cell {id}, which its cells.csv names: run 'report --out {folder}' first."
            )
        | Corrupt(file, reason) -> Store.refuse file reason
]

/// Files that are computed from the table of evidence, with their text.
let private verdicts root = [
    let table = Path.Combine(root, evidence, "cells.csv")

    if File.Exists table then
        for name, text in EvidenceFiles.ofTable (EvidenceTable.read table) do
            if text <> "" then
                $"{evidence}/{name}", text
]

/// Writes or compares the text of a file, and gives the name of one that differed.
let private settle isCheck root (name: string, text: string) =
    let path = Path.Combine(root, name)

    if File.Exists path && File.ReadAllText path = text then
        None
    else
        if not isCheck then
            AtomicFile.writeText path text

        Some name

let private refuseUnsourced root =
    for name in documents root do
        match DocumentTables.unsourced (File.ReadAllText(Path.Combine(root, name))) with
        | [] -> ()
        | table :: _ ->
            raise (
                InputException
                    $"{name}: the table '{table}' has numbers, but neither a marker to be filled by nor 'results version N' in the line above it."
            )

let run arguments =
    let options = Parsing.parse<DocumentsArgument> "documents" arguments
    let isCheck = options.Contains DocumentsArgument.Check

    let root =
        match Repository.tryRoot () with
        | Some root -> root
        | None ->
            raise (InputException "The program was not built in a source tree, where the documents are.")

    match options.GetResult(DocumentsArgument.Evidence, defaultValue = []) with
    | [] -> ()
    | _ when isCheck ->
        raise (InputException "--check and --evidence exclude each other: leave one of them out.")
    | runs ->
        runs
        |> List.collect reported
        |> Observation.ofResults
        |> EvidenceTable.write (Path.Combine(root, evidence, "cells.csv"))

    refuseUnsourced root

    let filled name =
        name, DocumentTables.filled root name (File.ReadAllText(Path.Combine(root, name)))

    // Documents are filled from the verdicts.
    let changed =
        List.choose (settle isCheck root) (verdicts root)
        @ (documents root |> List.choose (filled >> settle isCheck root))

    match changed, isCheck with
    | [], _ ->
        printfn "All tables of the documents are those of results/."
        Exit.Success
    | names, false ->
        printfn $"""Filled anew: {String.concat ", " names}."""
        Exit.Success
    | names, true ->
        eprintfn
            $"""{String.concat ", " names}: tables are not those of results/; run './build.fsx documents' and commit what it changes."""

        Exit.CheckFailed
