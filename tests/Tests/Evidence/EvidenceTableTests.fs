module CausalDebiasing.Tests.Evidence.EvidenceTableTests

open System.IO
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Reporting
open CausalDebiasing.Tests.Support
open Expecto

let private run = [
    for seed in 1..3 do
        for kappa in [ 0.; 0.7 ] do
            for baseline in [ "zero-fill-mlp"; "mt" ] do
                for variant, auroc in
                    [
                        Variant.plain, 0.7 - 0.1 * kappa
                        Variant.preset "irm", 0.68
                        Variant.recommended, 0.711
                        Variant.ceilingAugmented, 0.72
                    ] do
                    SyntheticResults.result (SyntheticResults.confounded kappa seed) baseline variant [
                        SyntheticResults.measure "id" 0.8
                        SyntheticResults.measure "do" (auroc + 0.013 * float seed)
                        SyntheticResults.measure "reversed" (auroc - 0.1)
                    ]

        for variant in [ Variant.plain; Variant.paper; Variant.recommended ] do
            SyntheticResults.cell
                (SyntheticResults.physionet seed)
                "mt"
                variant
                "id"
                (0.8 + 0.01 * float seed)
]

let private observations (results: CellResult list) =
    results |> List.map (fun result -> "", result) |> Observation.ofResults

let private kept results =
    TempFolder.withFolder (fun folder ->
        let path = Path.Combine(folder, "cells.csv")
        EvidenceTable.write path (observations results)
        File.ReadAllText path, EvidenceTable.read path)

[<Tests>]
let tests =
    testList "evidence table" [
        testCase "what is read back gives the verdicts of the run"
        <| fun () ->
            let expected =
                EvidenceFiles.ofTable {
                    ResultsVersion = CellId.resultsVersion
                    Observations = observations run
                }

            let version = DocumentTables.ofVersion CellId.resultsVersion

            for name, text in expected do
                Expect.stringContains text "| --" $"{name}: regimes, remedies and recorded data"
                Expect.stringEnds text $"\n\n{version}\n" $"{name}: of which version"

            Expect.equal (EvidenceFiles.ofTable (snd (kept run))) expected "the same tables"

        testCase "only what is judged is kept, once, in an order of its own"
        <| fun () ->
            let text, rows = kept run
            Expect.isFalse (text.Contains ",paper,") "not judged"
            // Four variants of two baselines under two tests in two regimes, and two on recorded data; three seeds.
            Expect.hasLength rows.Observations (3 * (4 * 2 * 2 * 2 + 2)) "rows"
            Expect.equal (fst (kept (List.rev run @ run))) text "the same file"

        testCase "two results of one model are refused"
        <| fun () ->
            let other =
                SyntheticResults.cell (SyntheticResults.physionet 1) "mt" Variant.plain "id" 0.9

            Expect.stringContains
                (InputErrors.message (fun () -> kept (other :: run)))
                "different results of mt plain, physionet2012, seed 1, test 'id'"
                "which"

        testCase "another table is refused, and a number that is none"
        <| fun () ->
            TempFolder.withFolder (fun folder ->
                let path = Path.Combine(folder, "cells.csv")

                let refused () =
                    InputErrors.message (fun () -> EvidenceTable.read path)

                File.WriteAllText(path, "a,b\n1,2\n")
                Expect.stringContains (refused ()) "does not name the columns" "columns"
                EvidenceTable.write path (observations run)
                let lines = File.ReadAllLines path
                lines[1] <- lines[1].Replace(",0.", ",x.")
                File.WriteAllLines(path, lines)
                Expect.stringContains (refused ()) "is no number" "number"
                EvidenceTable.write path (observations run)
                let text = File.ReadAllText path
                File.WriteAllText(path, text.TrimEnd().TrimEnd([| '0' .. '9' |]) + "1\n")
                Expect.stringContains (refused ()) "2 results versions" "versions")
    ]
