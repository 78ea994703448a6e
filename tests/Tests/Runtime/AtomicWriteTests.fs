module CausalDebiasing.Tests.Runtime.AtomicWriteTests

open System.IO
open Expecto
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support.TempFolder

let private names folder =
    Directory.GetFileSystemEntries folder |> Array.map Path.GetFileName

[<Tests>]
let tests =
    testList "atomic write" [
        testCase "two that write the same file at a time do not meet, and the later one stays"
        <| fun () ->
            withFolder (fun folder ->
                let path = Path.Combine(folder, "model")
                File.WriteAllText(path, "before")

                AtomicWrite.To(
                    path,
                    fun outer ->
                        File.WriteAllText(outer, "later")

                        AtomicWrite.To(
                            path,
                            fun inner ->
                                Expect.notEqual inner outer "a file of its own"
                                Expect.equal (File.ReadAllText path) "before" "not yet replaced"
                                File.WriteAllText(inner, "earlier")
                        )

                        Expect.equal (File.ReadAllText path) "earlier" "whole"
                )

                Expect.equal (File.ReadAllText path) "later" "replaced"
                Expect.equal (names folder) [| "model" |] "nothing is left over")

        testCase "what fails on the way leaves the earlier file, and nothing else"
        <| fun () ->
            withFolder (fun folder ->
                let path = Path.Combine(folder, "model")
                File.WriteAllText(path, "before")

                Expect.throwsT<IOException>
                    (fun () ->
                        AtomicWrite.To(
                            path,
                            fun temporary ->
                                File.WriteAllText(temporary, "half")
                                raise (IOException "full")
                        ))
                    "said"

                Expect.equal (File.ReadAllText path) "before" "kept"
                Expect.equal (names folder) [| "model" |] "nothing is left over")

        testCase "a folder that is not there is said as such"
        <| fun () ->
            withFolder (fun folder ->
                let path = Path.Combine(folder, "absent", "model")

                Expect.throwsT<DirectoryNotFoundException>
                    (fun () -> AtomicWrite.To(path, (fun temporary -> File.WriteAllText(temporary, ""))))
                    "said")
    ]
