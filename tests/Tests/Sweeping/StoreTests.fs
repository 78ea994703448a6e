module CausalDebiasing.Tests.Sweeping.StoreTests

open System.IO
open Expecto
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support.SweepFixture
open CausalDebiasing.Tests.Support.TempFolder

let private withRun body =
    withFolder (fun folder ->
        use _ = RunFolder.take folder
        body folder)

let private find folder cellId = Store.find (Store.read folder) cellId

let private corrupt folder cellId =
    match find folder cellId with
    | Corrupt(file, _) -> Some file
    | _ -> None

/// Replaces a part of a file's text.
let private edit file (part: string) (by: string) =
    let text = File.ReadAllText file
    Expect.stringContains text part "there is something to edit"
    File.WriteAllText(file, text.Replace(part, by))

[<Tests>]
let tests =
    testList "store" [
        testCase "a result comes back with every bit"
        <| fun () ->
            withRun (fun folder ->
                let item = (items 1).Head
                Store.write folder (stored item)

                match find folder item.CellId with
                | Found back ->
                    Expect.equal (Json.write back) (Json.write (stored item)) "same text"
                    Expect.equal back.Result.Measures.Head.Auroc (0.1 + 0.2 + 1.) "same number"
                    Expect.isTrue (System.Double.IsNaN back.Result.Measures.Head.DoRisk) "NaN stays NaN"
                | other -> failtest $"found {other}")

        testCase "one cell is read as it is among all of them"
        <| fun () ->
            withRun (fun folder ->
                let all = items 2
                all |> List.take 2 |> List.iter (stored >> Store.write folder)
                File.WriteAllText(Store.path folder all[1].CellId, "{")
                Directory.CreateDirectory(Store.path folder all[2].CellId) |> ignore

                for item in all do
                    Expect.equal
                        (string (Store.readCell folder item.CellId))
                        (string (find folder item.CellId))
                        $"{item.Cell.Data.Seed} {item.Cell.Variant}")

        testCase "a file cut short anywhere is corrupt, and costs no other result"
        <| fun () ->
            withRun (fun folder ->
                let all = items 2
                all |> List.iter (stored >> Store.write folder)
                let file = Store.path folder all.Head.CellId
                let text = File.ReadAllText file

                for length in [ 0; 1; text.Length / 2; text.Length - 1 ] do
                    File.WriteAllText(file, text.Substring(0, length))
                    Expect.equal (corrupt folder all.Head.CellId) (Some file) $"{length} characters"

                Expect.equal
                    (Store.read folder |> Store.results |> Seq.length)
                    (all.Length - 1)
                    "the others are read"

                Store.setAside file
                Expect.equal (find folder all.Head.CellId) NotFound "set aside")

        testCase "an edited result is corrupt, whatever was edited"
        <| fun () ->
            withRun (fun folder ->
                let item = (items 1).Head
                let file = Store.path folder item.CellId

                for part, by in
                    [
                        "\"Auprc\":0.333", "\"Auprc\":0.433"
                        "\"Status\":\"Done\"", "\"Status\":\"Failed\""
                        "\"TestRows\":100", "\"TestRows\":101"
                        "\"practice.1.p\":\"0.01\"", "\"practice.1.p\":\"0.02\""
                        "\"Identity\":", "\"Identity\": "
                        ",\"Sha256\":", ",\"Sha512\":"
                    ] do
                    Store.write folder (stored item)
                    edit file part by
                    Expect.equal (corrupt folder item.CellId) (Some file) part)

        testCase "a result without a checksum is not believed, and says why"
        <| fun () ->
            withRun (fun folder ->
                let item = (items 1).Head
                File.WriteAllText(Store.path folder item.CellId, Json.write (stored item))

                match Todo.standing (Store.read folder) Nothing item with
                | Unfinished reason -> Expect.stringContains reason "without a checksum" "reason"
                | other -> failtest $"{other}")

        testCase "a folder in a cell's place is corrupt and can be set aside"
        <| fun () ->
            withRun (fun folder ->
                let item = (items 1).Head
                let place = Store.path folder item.CellId

                for _ in 1..2 do
                    Directory.CreateDirectory place |> ignore
                    Expect.equal (corrupt folder item.CellId) (Some place) "named"
                    Store.setAside place
                    Expect.equal (find folder item.CellId) NotFound "out of the way")

        testCase "what was read stands, whatever happens to the files afterwards"
        <| fun () ->
            withRun (fun folder ->
                let item = (items 1).Head
                Store.write folder (stored item)
                let read = Store.read folder
                File.Delete(Store.path folder item.CellId)
                Expect.isTrue (Todo.standing read Nothing item).IsFinished "no file is read twice")

        testCase "a result under another cell's name is corrupt"
        <| fun () ->
            withRun (fun folder ->
                let all = items 1
                Store.write folder (stored all[0])
                File.Copy(Store.path folder all[0].CellId, Store.path folder all[1].CellId)

                Expect.equal (corrupt folder all[1].CellId) (Some(Store.path folder all[1].CellId)) "refused")

        testCase "what is left to do, and why"
        <| fun () ->
            withRun (fun folder ->
                let all = items 2
                Store.write folder (stored all[0])

                Store.write folder {
                    Identity = all[1].Identity
                    Result = CellResult.without all[1].Cell all[1].CellId Failed "out of memory\n   at Fit"
                }

                let standing rerun item =
                    Todo.standing (Store.read folder) rerun item

                let isFinished =
                    function
                    | Finished _ -> true
                    | Unfinished _ -> false

                let finished rerun =
                    all |> List.map (standing rerun >> isFinished)

                Expect.equal (finished Nothing) [ true; true; false; false ] "failed cells stay failed"
                Expect.equal (finished FailedCells) [ true; false; false; false ] "--failed"
                Expect.equal (finished Everything) [ false; false; false; false ] "--force"
                Expect.equal (standing FailedCells all[1]) (Unfinished "failed: out of memory") "one line"

                let newer = {
                    catalog with
                        Baselines = catalog.Baselines |> List.map (fun entry -> { entry with Version = "9" })
                }

                let identity = CellId.identity newer all[0].Cell

                let changed = {
                    all[0] with
                        Identity = identity
                        CellId = CellId.ofIdentity identity
                }

                Expect.equal
                    (standing Nothing changed)
                    (Unfinished "stale: baselineVersion \"1\" -> \"9\"")
                    "a newer baseline")

        testCase "a folder that cannot be written, or is taken, is the user's mistake"
        <| fun () ->
            withRun (fun folder ->
                let file = Path.Combine(folder, "file")
                File.WriteAllText(file, "")

                Expect.throwsT<InputException>
                    (fun () -> (RunFolder.take (Path.Combine(file, "out"))).Dispose())
                    "not a folder"

                Expect.throwsT<InputException> (fun () -> (RunFolder.take folder).Dispose()) "taken")

        testCase "what a killed run was writing is removed, and its folder can be taken again"
        <| fun () ->
            withFolder (fun folder ->
                (RunFolder.take folder).Dispose()
                let leftover = Store.path folder "abc" + ".123.tmp"
                File.WriteAllText(leftover, "{")
                use _ = RunFolder.take folder
                Expect.isFalse (File.Exists leftover) "removed")

        testCase "where commands worked is removed when the folder is given back, and when it is taken"
        <| fun () ->
            withFolder (fun folder ->
                let rows =
                    Path.Combine(RunFolder.working (RunFolder.cache folder), "cell", "train.csv")

                let write () =
                    Directory.CreateDirectory(string (Path.GetDirectoryName rows)) |> ignore
                    File.WriteAllText(rows, "")

                write ()
                let taken = RunFolder.take folder
                Expect.isFalse (File.Exists rows) "taken"
                write ()
                taken.Dispose()
                Expect.isFalse (File.Exists rows) "given back"
                (RunFolder.take folder).Dispose())

        testCase "a plan comes back equal"
        <| fun () ->
            withRun (fun folder ->
                let planFile = {
                    Command = "sweep"
                    Profile = "sweep"
                    Plan =
                        Plan.ofGrid catalog "test" {
                            grid with
                                Datasets = [ "acquisition"; "physionet2012"; "eicu-demo" ]
                                TrainSizes = [ None; Some 500 ]
                        }
                }

                PlanFile.write folder planFile
                Expect.equal (PlanFile.read folder) planFile "round trip"
                edit (RunFolder.plan folder) "\"Seed\":1" "\"Seed\":2"

                Expect.throwsT<InputException> (fun () -> PlanFile.read folder |> ignore) "edited")

            withFolder (fun folder ->
                Expect.throwsT<InputException> (fun () -> PlanFile.read folder |> ignore) "no run there")
    ]
