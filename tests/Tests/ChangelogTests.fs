module CausalDebiasing.Tests.ChangelogTests

open System.IO
open Expecto
open CausalDebiasing
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Planning

let private lines =
    lazy (File.ReadAllLines(Path.Combine((Repository.tryRoot ()).Value, "CHANGELOG.md")))

[<Tests>]
let tests =
    testList "changelog" [
        testCase "the project's version has a section, the first"
        <| fun () ->
            let version = nonNull (typeof<DebiasOptions>.Assembly.GetName().Version)

            Expect.stringStarts
                (lines.Value |> Array.find (fun line -> line.StartsWith "## "))
                $"## [{version.ToString 3}]"
                "the section of the version in Directory.Build.props"

        testCase "the results version is said"
        <| fun () ->
            Expect.exists
                lines.Value
                (fun line -> line.StartsWith $"- Results version {CellId.resultsVersion}: ")
                "what moved the metrics"
    ]
