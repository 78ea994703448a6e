module CausalDebiasing.Tests.Datasets.DataRootTests

open System
open System.IO
open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Tests.Support.PhysioNet2012Fixture

let private withVariable (value: string | null) action =
    let before = Environment.GetEnvironmentVariable DataRoot.variable
    Environment.SetEnvironmentVariable(DataRoot.variable, value)

    try
        action ()
    finally
        Environment.SetEnvironmentVariable(DataRoot.variable, before)

let private requirement = PhysioNet2012Files.requirement [ A ]

let private reason status =
    match status with
    | Absent reason -> reason
    | Present path -> failtest $"present at {path}"

[<Tests>]
let tests =
    testSequenced
    <| testList "DataRoot" [
        test "the option wins over the variable, and nothing given is none" {
            withFolder (fun folder ->
                withVariable "/nowhere" (fun () ->
                    Expect.equal (DataRoot.resolve (Some folder)) (Some folder) "option")

                withVariable folder (fun () -> Expect.equal (DataRoot.resolve None) (Some folder) "variable")
                withVariable null (fun () -> Expect.isNone (DataRoot.resolve None) "none")
                withVariable "" (fun () -> Expect.isNone (DataRoot.resolve (Some " ")) "empty"))
        }

        test "a root that does not exist names the option or the variable" {
            withVariable "/nowhere/at/all" (fun () ->
                expectInputError [ "CAUSALDEBIAS_DATA"; "/nowhere/at/all" ] (fun () -> DataRoot.resolve None)

                expectInputError [ "--data-root"; "/nor/here" ] (fun () ->
                    DataRoot.resolve (Some "/nor/here")))
        }

        test "an absent data set says what, where, under which licence and from where" {
            let text = reason (DataRoot.status None requirement)

            for part in
                [
                    "physionet2012"
                    requirement.Title
                    requirement.Licence
                    requirement.Source
                    "Outcomes-a.txt"
                ] do
                Expect.stringContains text part "without a root"

            withFolder (fun root ->
                File.WriteAllText(Path.Combine(dataFolder root, "Outcomes-a.txt"), "")
                let text = reason (DataRoot.status (Some root) requirement)
                Expect.stringContains text "lacks set-a/ or set-a.tar.gz;" "only what is missing")
        }

        test "folder or archive make the data set present" {
            for write in [ writeFolder; writeArchive ] do
                withFolder (fun root ->
                    write root standard

                    Expect.equal
                        (DataRoot.status (Some root) requirement)
                        (Present(Path.Combine(root, "physionet2012")))
                        "status")
        }
    ]
