module CausalDebiasing.Tests.Reporting.DocumentedCommandsTests

open System
open System.IO
open System.Text.RegularExpressions
open Expecto
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Cli.Commands

let private root =
    match Repository.tryRoot () with
    | Some root -> root
    | None -> failwith "The tests run in a source tree."

/// Documents for people, relative to the repository.
let private documents = [
    for folder, depth in [ "", SearchOption.TopDirectoryOnly; "docs", SearchOption.AllDirectories ] do
        for file in Directory.GetFiles(Path.Combine(root, folder), "*.md", depth) |> Array.sort do
            Path.GetRelativePath(root, file)
]

let private read document =
    File.ReadAllText(Path.Combine(root, document))

/// What build.fsx itself does.
let private ofScript = [ "format"; "pack"; "clean"; "examples"; "help" ]

/// The arguments after build.fsx, of lines in blocks of code; lines that end in a backslash go on.
let private commands document =
    let lines = (read document).Replace("\\\n", " ").Split '\n'

    [
        for line in lines do
            match Regex.Match(line, @"^\s*(?:\w+=\S+ )?dotnet fsi build\.fsx (.+)$") with
            | found when found.Success ->
                let command = (found.Groups[1].Value.Split " #")[0]
                command.Split(' ', StringSplitOptions.RemoveEmptyEntries) |> List.ofArray
            | _ -> ()
    ]

let private check document (command: string list) =
    match Verbs.all |> List.tryFind (fun verb -> verb.Name = command.Head) with
    | Some verb -> verb.Check command.Tail
    | None -> Expect.contains ofScript command.Head $"{document}: {command}"

/// As Markdown viewers name headings.
let private anchor (heading: string) =
    Regex.Replace(heading.Trim().ToLowerInvariant(), @"[^\w\- ]", "").Replace(' ', '-')

let private anchors text =
    Regex.Matches(text, @"(?m)^#+ (.+)$")
    |> Seq.map (fun found -> anchor found.Groups[1].Value)
    |> Set.ofSeq

/// Targets of links and pictures, but for addresses elsewhere.
let private links text =
    Regex.Matches(text, @"\]\(([^)\s]+)\)")
    |> Seq.map _.Groups[1].Value
    |> Seq.filter (fun target -> not (target.Contains "://"))
    |> List.ofSeq

[<Tests>]
let tests =
    testList "documents for people" [
        testCase "every command is one that the program takes"
        <| fun () ->
            let all = [
                for document in documents do
                    for command in commands document -> document, command
            ]

            Expect.isGreaterThan all.Length 10 "commands were found"

            for document, command in all do
                check document command

        testCase "every link leads to a file, and to a heading where it names one"
        <| fun () ->
            let mutable count = 0

            for document in documents do
                let text = read document
                let folder = Path.GetDirectoryName(Path.Combine(root, document)) |> string

                for target in links text do
                    count <- count + 1
                    let parts = target.Split '#'

                    let file =
                        if parts[0] = "" then
                            Path.Combine(root, document)
                        else
                            Path.Combine(folder, parts[0])

                    Expect.isTrue (File.Exists file || Directory.Exists file) $"{document}: {target}"

                    if parts.Length > 1 then
                        Expect.isTrue
                            ((anchors (File.ReadAllText file)).Contains parts[1])
                            $"{document}: {target}"

            Expect.isGreaterThan count 30 "links were found"
    ]
