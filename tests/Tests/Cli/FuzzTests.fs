module CausalDebiasing.Tests.Cli.FuzzTests

open System
open System.IO
open Expecto
open CausalDebiasing.Bench.Cli.Faults
open CausalDebiasing.Bench.Results
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.SweepFixture

/// Files of inputs that something was found with, by reader.
let private corpus = Path.Combine(__SOURCE_DIRECTORY__, "..", "Corpus")

let private setting scratch =
    let finished = Path.Combine(scratch, "finished")
    let plan = CausalDebiasing.Bench.Planning.Plan.ofGrid catalog "test" grid

    PlanFile.write finished {
        Command = "sweep"
        Profile = "sweep"
        Plan = plan
    }

    for item in items 2 do
        Store.write finished (stored item)

    {
        Scratch = scratch
        Manifest = ""
        Finished = finished
        Seconds = 0.
        Jobs = 1
        Random = Random 1
    }

let private perCase = 60

[<Tests>]
let tests =
    testSequenced
    <| testList "fuzz" [
        for case in GeneratedInputs.cases @ Checkpoints.inputs @ CommandLines.inputs do
            testCase case.Name
            <| fun () ->
                TempFolder.withFolder (fun scratch ->
                    let setting = setting scratch

                    for number in 1..perCase do
                        TempFolder.withFolder (fun folder ->
                            case.Try { setting with Random = Random number } folder
                            |> Option.iter (fun reason -> failtest $"input {number}: {reason}")))

        for reader in Reader.all do
            let folder = Path.Combine(corpus, reader.Name)

            for file in
                (if Directory.Exists folder then
                     Directory.GetFiles folder
                 else
                     [||]) do
                testCase $"{reader.Name}: {Path.GetFileName file}"
                <| fun () ->
                    TempFolder.withFolder (fun scratch ->
                        TempFolder.withFolder (fun folder ->
                            let damaged = reader.Write (setting scratch) folder
                            File.Copy(file, damaged, overwrite = true)

                            Expect.isNone
                                (GeneratedInputs.survives (fun () -> reader.Read damaged))
                                "read or refused"))
    ]
