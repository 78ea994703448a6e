module CausalDebiasing.Tests.Datasets.DownloadTests

open System
open System.IO
open System.Net.Http
open System.Security.Cryptography
open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.FileServer
open CausalDebiasing.Tests.Support.PhysioNet2012Fixture

let private first = Array.init 200_000 (fun i -> byte (i * 7 % 251))
let private second = "a,b\n1,2\n"B

let private file path (bytes: byte[]) = {
    Path = path
    Sha256 = Convert.ToHexStringLower(SHA256.HashData bytes)
}

let private source = {
    Name = "toy"
    Title = "Toy"
    Licence = "none"
    Address = "https://example.org/"
    Files = [ file "first.bin" first; file "sub/second.csv" second ]
}

let private served = Map [ "/v1/first.bin", first; "/v1/sub/second.csv", second ]

/// Gives the action the root, the server and a way to fetch from it.
let private withServer files action =
    TempFolder.withFolder (fun root ->
        use server = new FileServer(files)
        use client = new HttpClient()

        action root server (fun () ->
            Download.fetch client ignore root (Some(server.Address + "v1")) source |> ignore))

let private isWhole root =
    Expect.equal (File.ReadAllBytes(Path.Combine(root, "toy/first.bin"))) first "first"
    Expect.equal (File.ReadAllBytes(Path.Combine(root, "toy/sub/second.csv"))) second "second"
    Expect.isEmpty (Directory.GetFiles(root, "*.part", SearchOption.AllDirectories)) "nothing half"

[<Tests>]
let tests =
    testSequenced
    <| testList "Download" [
        test "brings all files once" {
            withServer served (fun root server fetch ->
                fetch ()
                isWhole root
                fetch ()
                Expect.hasLength server.Ranges 2 "the second time nothing is asked for")
        }

        test "goes on where it broke off" {
            withServer served (fun root server fetch ->
                server.Breaks <- 1
                fetch ()
                isWhole root
                Expect.stringStarts server.Ranges[1] "bytes=" "a range"
                Expect.notEqual server.Ranges[1] "bytes=0-" "not from the start")
        }

        test "goes on in another run, also where the server does not resume" {
            withServer served (fun root server fetch ->
                server.Breaks <- 3
                expectInputError [ "first.bin"; "broke off"; "again" ] fetch
                Expect.isFalse (File.Exists(Path.Combine(root, "toy/first.bin"))) "no half file"
                Expect.isTrue (File.Exists(Path.Combine(root, "toy/first.bin.part"))) "the part is kept"
                server.Resumes <- false
                fetch ()
                isWhole root)
        }

        test "a part that is too long is begun again" {
            withServer served (fun root _ fetch ->
                Directory.CreateDirectory(Path.Combine(root, "toy")) |> ignore
                File.WriteAllBytes(Path.Combine(root, "toy/first.bin.part"), Array.append first second)
                fetch ()
                isWhole root)
        }

        test "a file that was tampered with is refused and deleted" {
            let tampered = Array.copy first
            tampered[1000] <- tampered[1000] + 1uy

            withServer (served |> Map.add "/v1/first.bin" tampered) (fun root _ fetch ->
                expectInputError [ "first.bin"; "SHA-256"; "--mirror" ] fetch
                Expect.isEmpty (Directory.GetFiles(Path.Combine(root, "toy"))) "nothing is left")
        }

        test "a part of another file is refused, and the next run starts anew" {
            withServer served (fun root _ fetch ->
                Directory.CreateDirectory(Path.Combine(root, "toy")) |> ignore
                File.WriteAllBytes(Path.Combine(root, "toy/first.bin.part"), Array.create 500 1uy)
                expectInputError [ "first.bin"; "SHA-256" ] fetch
                fetch ()
                isWhole root)
        }

        test "another file in its place is not overwritten" {
            withServer served (fun root _ fetch ->
                Directory.CreateDirectory(Path.Combine(root, "toy")) |> ignore
                File.WriteAllText(Path.Combine(root, "toy/first.bin"), "mine")
                expectInputError [ "first.bin"; "remove it" ] fetch
                Expect.equal (File.ReadAllText(Path.Combine(root, "toy/first.bin"))) "mine" "untouched")
        }

        test "a file that the server does not have, and an address that is none" {
            withServer (Map.remove "/v1/sub/second.csv" served) (fun root _ fetch ->
                expectInputError [ "second.csv"; "404"; "--mirror" ] fetch
                use client = new HttpClient()

                expectInputError [ "--mirror 'here'" ] (fun () ->
                    Download.fetch client ignore root (Some "here") source))
        }

        test "the official checksums are there" {
            Expect.equal
                [ for source in DownloadSource.all -> source.Name, source.Files.Length ]
                [ "physionet2012", 2; "eicu-demo", 32; "mimic-iv-demo", 34 ]
                "files"

            for source in DownloadSource.all do
                for file in source.Files do
                    Expect.equal file.Sha256.Length 64 file.Path
        }

        test "the command names what it can fetch, and needs a folder" {
            let unknown = CommandLine.run [ "data"; "fetch"; "mimic-iv" ]
            Expect.equal unknown.ExitCode 2 "exit code"
            Expect.stringContains (List.exactlyOne unknown.Errors) "'mimic-iv-demo'" "nearest"

            TempFolder.withFolder (fun root ->
                use server = new FileServer(Map [ "/Outcomes-a.txt", second ])

                let tampered =
                    CommandLine.run [
                        "data"
                        "fetch"
                        "physionet2012"
                        "--mirror"
                        server.Address
                        "--data-root"
                        root
                    ]

                Expect.equal tampered.ExitCode 2 "exit code"
                Expect.stringContains (List.exactlyOne tampered.Errors) "SHA-256" "refused")
        }
    ]
