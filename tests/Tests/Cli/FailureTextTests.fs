module CausalDebiasing.Tests.Cli.FailureTextTests

open System
open System.Data.Common
open System.IO
open Expecto
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support

let private explain failure = FailureText.explain [ "sweep" ] failure

[<Tests>]
let tests =
    testSequenced
    <| testList "failure text" [
        testCase "a full disk is no mistake and no defect"
        <| fun () ->
            let full = IOException("No space left on device : '/out/cells/a.json'", 28)

            let inWords = {
                new DbException("IO Error: Could not write file: No space left on device") with
                    override _.ErrorCode = 0
            }

            for failure in [ full :> exn; AggregateException full; inWords ] do
                let text, code = explain failure
                Expect.equal code 1 "exit code"
                Expect.stringContains text "The disk is full" "what"
                Expect.isFalse (text.Contains "defect") "no defect"

        testCase "a path that cannot be used is the user's"
        <| fun () ->
            for failure in
                [
                    DirectoryNotFoundException "no folder" :> exn
                    UnauthorizedAccessException "denied"
                ] do
                let text, code = explain failure
                Expect.equal code 2 "exit code"
                Expect.isFalse (text.Contains "defect") "no defect"

            Expect.equal (explain (InputException "wrong.")) ("wrong.", 2) "a mistake"

        testCase "a defect is told of even where its details cannot be kept"
        <| fun () ->
            if not (OperatingSystem.IsWindows()) then
                TempFolder.withFolder (fun folder ->
                    let variable = Environment.GetEnvironmentVariable "TMPDIR"

                    try
                        Environment.SetEnvironmentVariable("TMPDIR", Path.Combine(folder, "missing"))
                        let text, code = explain (InvalidOperationException "broken")
                        Expect.equal code 1 "exit code"
                        Expect.stringContains text "TMPDIR" "what to do"
                    finally
                        Environment.SetEnvironmentVariable("TMPDIR", variable))
    ]
