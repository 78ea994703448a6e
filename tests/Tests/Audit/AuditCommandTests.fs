module CausalDebiasing.Tests.Audit.AuditCommandTests

open System.IO
open System.Text.Json
open CausalDebiasing.Tests.Support
open Expecto

/// Two wards of a size and one of three patients; a laboratory panel that is ordered for the sicker ones.
let private table = [
    "patient,hospital,age,pulse,marker,died"
    for i in 0..419 do
        let ward =
            if i >= 417 then "secretward"
            elif i % 2 = 0 then "north"
            else "south"

        let died = (i * 7 % 5 < 2) <> (i % 11 = 0)
        let pulse = 70 + i * 13 % 29 + (if died then 9 else 0)
        let isOrdered = i * 3 % 7 < (if died then 6 else 3)
        let marker = if isOrdered then $"{1 + i * 17 % 40}.{i % 10}" else ""
        $"p{i},{ward},{40 + i * 5 % 47},{pulse},{marker},{if died then 1 else 0}"
]

let private manifest =
    """{ "name": "wards", "files": [{ "path": "wards.csv" }], "outcome": { "column": "died" }, "patient": "patient",
  "site": "hospital", "missing": [""], "modalities": { "basics": ["age", "pulse"], "panel": ["marker"] } }"""

let private withTable action =
    TempFolder.withFolder (fun folder ->
        File.WriteAllText(Path.Combine(folder, "wards.csv"), String.concat "\n" table + "\n")
        let path = Path.Combine(folder, "wards.json")
        File.WriteAllText(path, manifest)
        action folder path)

let private refuses (part: string) (arguments: string list) =
    let ended = CommandLine.run arguments
    Expect.equal ended.ExitCode 2 "exit code"
    Expect.stringContains (List.last ended.Errors) part "what is wrong"

[<Tests>]
let tests =
    Trained.tests "Audit.command" [
        test "a manifest gives a page, JSON and a summary without small groups" {
            withTable (fun folder path ->
                let out = Path.Combine(folder, "out")
                let ended = CommandLine.run [ "audit"; path; "--out"; out ]
                Expect.equal ended.ExitCode 0 (String.concat "\n" ended.Errors)
                Expect.stringContains ended.Errors.Head "0:00" "progress from the start"
                let page = File.ReadAllText(Path.Combine(out, "audit.html"))
                let json = File.ReadAllText(Path.Combine(out, "audit.json"))

                for text in [ ended.Output; page; json ] do
                    Expect.isFalse (text.Contains "secretward") "a ward of three patients"

                for text in [ page; json ] do
                    Expect.isFalse (text.Contains folder) "no absolute path"

                for question in
                    [
                        "Who is measured?"
                        "mask alone"
                        "hidden confounder"
                        "left-out site"
                        "wrapping"
                    ] do
                    Expect.stringContains ended.Output question "console"
                    Expect.stringContains page question "page"

                Expect.isFalse (page.Contains "http") "nothing from elsewhere"

                use read = JsonDocument.Parse json
                let findings = read.RootElement.GetProperty "findings"
                Expect.equal ((findings.GetProperty "losses").GetArrayLength()) 2 "two wards"

                let measured = (findings.GetProperty "measured")[0]
                Expect.equal ((measured.GetProperty "modality").GetString()) "panel" "what varies"

                Expect.isGreaterThan
                    (((measured.GetProperty "outcome").GetProperty "mean").GetDouble())
                    2.
                    "ordered for the sicker")
        }

        test "a table without manifest is drafted beside the audit" {
            withTable (fun folder _ ->
                let out = Path.Combine(folder, "out")
                let table = Path.Combine(folder, "wards.csv")
                let ended = CommandLine.run [ "audit"; table; "--out"; out ]
                Expect.equal ended.ExitCode 0 (String.concat "\n" ended.Errors)
                let draft = Path.Combine(out, "wards.json")
                Expect.stringContains (File.ReadAllText draft) "\"site\"" "drafted"
                Expect.isTrue (ended.Errors |> List.exists (fun line -> line.Contains draft)) "said")
        }

        test "what cannot be audited is refused in a line" {
            refuses "@" [ "audit"; "heart-uci@folds:5" ]
            refuses "manifest" [ "audit"; "nowhere" ]
            refuses "needs data" [ "audit" ]
            refuses "--coverage 0" [ "audit"; "--coverage"; "0" ]

            TempFolder.withFolder (fun folder ->
                let file = Path.Combine(folder, "file")
                File.WriteAllText(file, "")
                refuses "Cannot write to" [ "audit"; "heart-uci"; "--out"; Path.Combine(file, "audit") ])

            withTable (fun folder path ->
                File.WriteAllText(
                    Path.Combine(folder, "wards.csv"),
                    String.concat "\n" (List.truncate 14 table) + "\n"
                )

                refuses "fewer than 10" [ "audit"; path; "--out"; folder ])
        }
    ]
