/// `documents`: do the tables of README and docs say what the results say?
module CausalDebiasing.Bench.Cli.Commands.Documents

open System.IO
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Reporting
open CausalDebiasing.Runtime

let private files root = [
    Path.Combine(root, "README.md")
    yield! Directory.GetFiles(Path.Combine(root, "docs"), "*.md") |> Array.sort
]

let run arguments =
    let options = Parsing.parse<DocumentsArgument> "documents" arguments
    let isCheck = options.Contains DocumentsArgument.Check

    let root =
        match Repository.tryRoot () with
        | Some root -> root
        | None ->
            raise (InputException "The program was not built in a source tree, where the documents are.")

    let changed = [
        for path in files root do
            let name = Path.GetRelativePath(root, path)
            let text = File.ReadAllText path
            let filled = DocumentTables.filled root name text

            if filled <> text then
                if not isCheck then
                    AtomicFile.writeText path filled

                name
    ]

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
