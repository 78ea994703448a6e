module CausalDebiasing.Tests.Runtime.TorchRuntimeTests

open System
open System.IO
open System.Threading
open Expecto
open TorchSharp
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support

[<Tests>]
let tests =
    testSequenced
    <| testList "torch runtime" [
        testCase "libtorch is of the version that TorchSharp is made for"
        <| fun () -> Expect.stringStarts torch.__version__ $"{TorchLibrary.TorchVersion}." "the same"

        testCase "threads are those asked for"
        <| fun () ->
            TorchRuntime.EnsureLoadable()
            let before = TorchRuntime.Threads

            try
                TorchRuntime.Threads <- before + 1
                Expect.equal (torch.get_num_threads ()) (before + 1) "set"
                TorchRuntime.EnsureLoadable()
                Expect.equal TorchRuntime.Threads (before + 1) "and left alone"
            finally
                TorchRuntime.Threads <- before

            Expect.stringContains
                (InputErrors.message (fun () -> TorchRuntime.Threads <- 0))
                "0 threads cannot compute"
                "none"

        testCase "a thread that is new to torch computes with no more threads than asked for"
        <| fun () ->
            if OperatingSystem.IsLinux() then
                let name = "new-to-torch"
                use matrix = torch.ones (1000L, 1000L)
                let mutable computing = 0

                // Native threads that another one starts have its name.
                let hasName task =
                    try
                        File.ReadAllText(Path.Combine(task, "comm")).Trim() = name
                    with :? IOException ->
                        false

                let compute () =
                    TorchRuntime.EnsureLoadable()
                    use _ = torch.mm (matrix, matrix)

                    computing <-
                        Directory.GetDirectories "/proc/self/task"
                        |> Array.filter hasName
                        |> Array.length

                let thread = Thread(compute, Name = name)
                thread.Start()
                thread.Join()
                Expect.equal computing TorchRuntime.Threads "itself, and those it may start"

        testCase "an adapted copy is made once, and the library stays as it is"
        <| fun () ->
            if OperatingSystem.IsLinux() then
                let folder = Directory.CreateTempSubdirectory "causaldebias-"

                try
                    let library = Path.Combine(folder.FullName, "libLibTorchSharp.so")
                    let output = Path.GetDirectoryName(typeof<torch>.Assembly.Location)
                    File.Copy(Path.Combine(nonNull output, "libLibTorchSharp.so"), library)
                    let before = File.ReadAllBytes library
                    let cache = Path.Combine(folder.FullName, "cache")
                    let adapted = TorchLibrary.Adapted(library, cache)
                    let time = File.GetLastWriteTimeUtc adapted
                    Expect.isFalse (GlibcxxCompatibility.NeedsWeakening adapted) "adapted"
                    Expect.equal (TorchLibrary.Adapted(library, cache)) adapted "found again"
                    Expect.equal (File.GetLastWriteTimeUtc adapted) time "and not made again"
                    Expect.equal (File.ReadAllBytes library) before "unchanged"

                    Expect.equal
                        (Directory.GetFiles(cache, "*", SearchOption.AllDirectories)).Length
                        1
                        "nothing is left over"

                    File.WriteAllText(library, "not a library")

                    Expect.throwsT<InvalidDataException>
                        (fun () -> TorchLibrary.Adapted(library, cache) |> ignore)
                        "cannot be adapted"

                    Expect.equal
                        (Directory.GetFiles(cache, "*", SearchOption.AllDirectories)).Length
                        1
                        "nor by a failure"
                finally
                    folder.Delete true
    ]
