module CausalDebiasing.Tests.Datasets.CohortCacheTests

open System
open System.IO
open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.PhysioNet2012Fixture
open CausalDebiasing.Networks

let private cachedAccess root notices = {
    Root = Some root
    Cache = Some(Path.Combine(root, "cache"))
    Report = fun notice -> notices := notice :: !notices
}

let private blocks (loaded: LoadedCohort) = [
    for m in 0 .. loaded.Cohort.Modalities.Count - 1 ->
        [
            for value in loaded.Cohort.Values(m).ToArray() -> BitConverter.SingleToInt32Bits value
        ]
]

[<Tests>]
let tests =
    testList "CohortCache" [
        test "a second load reads the cache, and damage is rebuilt and reported" {
            withFolder (fun root ->
                let notices = ref []
                let access = cachedAccess root notices

                let load () =
                    PhysioNet2012.load access PhysioNet2012.defaults

                writeFolder root standard
                let first = load ()
                let file = Directory.GetFiles(root + "/cache") |> Array.exactlyOne
                let written = File.GetLastWriteTimeUtc file
                let second = load ()

                Expect.equal (blocks second, second.ContentHash) (blocks first, first.ContentHash) "data"
                Expect.equal $"%A{second.Card}" $"%A{first.Card}" "card"

                Expect.equal (File.GetLastWriteTimeUtc file) written "not written again"
                Expect.isEmpty notices.Value "nothing to report"

                File.WriteAllBytes(file, (File.ReadAllBytes file)[..200])
                Expect.equal (blocks (load ())) (blocks first) "rebuilt"
                Expect.hasLength notices.Value 1 "reported"
                Expect.stringContains notices.Value[0] "checksum" "with the reason"
                load () |> ignore
                Expect.hasLength notices.Value 1 "whole again")
        }

        test "a file edited without another size or time is noticed" {
            TempFolder.withFolder (fun folder ->
                let notices = ref []

                let manifest =
                    ToyManifest.write folder ToyManifest.json (ToyManifest.text ToyManifest.rows)

                let load () =
                    (ManifestDataset.ofFile manifest).Load(cachedAccess folder notices)

                let first = load ()
                let table = Path.Combine(folder, "toy.csv")
                let time = File.GetLastWriteTimeUtc table
                File.WriteAllText(table, (File.ReadAllText table).Replace("20.5", "29.5"))
                File.SetLastWriteTimeUtc(table, time)
                let second = load ()
                Expect.notEqual second.ContentHash first.ContentHash "content"
                Expect.notEqual (blocks second) (blocks first) "values")
        }

        test "a file that changes while it is read is refused, and nothing is kept" {
            TempFolder.withFolder (fun folder ->
                let manifest =
                    ToyManifest.write folder ToyManifest.json (ToyManifest.text ToyManifest.rows)

                let table = Path.Combine(folder, "toy.csv")
                let prepared = ManifestDataset.ofFile manifest
                let access = cachedAccess folder (ref [])
                let cohort = (prepared.Load { access with Cache = None }).Cohort

                let prepare _ =
                    File.AppendAllText(table, "\n")

                    {
                        Cohort = cohort
                        Exclusions = []
                        Absent = []
                        ImplausibleValues = 0
                        Split = None
                        Groups = []
                        ContentHash = "content"
                    }

                Expect.stringContains
                    (InputErrors.message (fun () ->
                        PreparedCohort.load access "toy" [ "test" ] [ table ] prepare))
                    "changed while it was read"
                    "reason"

                Expect.isFalse (Directory.Exists(Path.Combine(folder, "cache"))) "nothing is kept")
        }

        test "a changed file and another representation have entries of their own" {
            withFolder (fun root ->
                let access = cachedAccess root (ref [])

                let count () =
                    Directory.GetFiles(root + "/cache").Length

                writeFolder root standard
                let before = PhysioNet2012.load access PhysioNet2012.defaults

                PhysioNet2012.load access {
                    PhysioNet2012.defaults with
                        Representation = Hourly
                }
                |> ignore

                Expect.equal (count ()) 2 "representation"
                writeFolder root (standard |> edit "9001.txt" (fun text -> text + "12:00,HR,81\n"))
                let after = PhysioNet2012.load access PhysioNet2012.defaults
                Expect.equal (count ()) 3 "content"
                Expect.notEqual after.ContentHash before.ContentHash "hash")
        }

        test "only the owner can read what is cached" {
            if OperatingSystem.IsWindows() then
                skiptest "Windows keeps the folder private by its place"

            withFolder (fun root ->
                writeFolder root standard
                PhysioNet2012.load (cachedAccess root (ref [])) PhysioNet2012.defaults |> ignore
                let folder = Path.Combine(root, "cache")
                let owner = UnixFileMode.UserRead ||| UnixFileMode.UserWrite
                Expect.equal (File.GetUnixFileMode folder) (owner ||| UnixFileMode.UserExecute) "0700"

                for file in Directory.GetFiles folder do
                    Expect.equal (File.GetUnixFileMode file) owner "0600")
        }

        test "a cache folder that cannot be made is reported and done without" {
            withFolder (fun root ->
                writeFolder root standard
                File.WriteAllText(Path.Combine(root, "cache"), "a file, no folder")
                let notices = ref []
                let loaded = PhysioNet2012.load (cachedAccess root notices) PhysioNet2012.defaults
                Expect.equal loaded.Cohort.Count 10 "loaded"
                Expect.stringContains (List.exactlyOne notices.Value) "not cached" "reported")
        }
    ]
