module CausalDebiasing.Tests.Datasets.CohortFileTests

open System
open System.IO
open Expecto
open FsCheck
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Cohorts
open CausalDebiasing.Tests.Support.PhysioNet2012Fixture

/// A cohort of all three kinds of modality with `n` rows.
let private cohort n (seed: int) =
    let random = MathNet.Numerics.Random.Xoshiro256StarStar seed

    let modalities = [|
        Modality.Tabular("demographics", 3)
        Modality.Series("vitals", 4, 2)
        Modality.Codes("diagnoses", 5, 7)
    |]

    let value (modality: Modality) =
        match modality.Kind with
        | ModalityKind.Codes -> float32 (random.Next 8)
        | _ ->
            if random.Next 5 = 0 then
                nanf
            else
                float32 (random.NextDouble())

    Cohort(
        modalities,
        modalities |> Array.map (fun m -> Array.init (n * m.Size) (fun _ -> value m)),
        Array.init (n * 3) (fun i -> i % 3 = 0 || random.Next 2 = 0),
        Array.init n (fun _ -> float32 (random.Next 2)),
        Array.init n (fun _ -> random.Next 2),
        [| "north"; "süd" |],
        Array.init n (fun i -> Int64.MaxValue - int64 i)
    )

let private bits (values: ReadOnlySpan<float32>) =
    values.ToArray() |> Array.map BitConverter.SingleToInt32Bits

let private content (c: Cohort) =
    List.ofSeq c.Modalities,
    List.ofSeq c.SiteNames,
    [ for m in 0 .. c.Modalities.Count - 1 -> bits (c.Values m) ],
    (c.Mask.ToArray(), bits c.Labels, c.Sites.ToArray(), c.Patients.ToArray())

let private bytesOf stored =
    use memory = new MemoryStream()
    CohortFile.write memory stored
    memory.ToArray()

let private readBytes folder (bytes: byte[]) =
    let path = Path.Combine(folder, "x.cohort")
    File.WriteAllBytes(path, bytes)
    CohortFile.read path

let private stored n seed = {
    Cohort = cohort n seed
    Attributes = Map [ "content", "abc"; "rows", string n ]
}

let private error result =
    match result with
    | Error reason -> reason
    | Ok _ -> failtest "was read"

[<Tests>]
let tests =
    testList "CohortFile" [
        testProperty "what is written is read back, bit for bit" (fun (NonNegativeInt n) seed ->
            withFolder (fun folder ->
                let original = stored (n % 40) seed

                match readBytes folder (bytesOf original) with
                | Ok copy ->
                    Expect.equal (content copy.Cohort) (content original.Cohort) "cohort"
                    Expect.equal copy.Attributes original.Attributes "attributes"
                | Error reason -> failtest reason))

        testProperty "a changed byte anywhere is noticed" (fun (NonNegativeInt place) (PositiveInt change) ->
            withFolder (fun folder ->
                let bytes = bytesOf (stored 5 1)
                let i = place % bytes.Length
                bytes[i] <- bytes[i] ^^^ byte (1 + change % 255)
                readBytes folder bytes |> error |> ignore))

        testProperty "a truncated file is noticed" (fun (NonNegativeInt length) ->
            withFolder (fun folder ->
                let bytes = bytesOf (stored 5 1)
                readBytes folder bytes[.. length % bytes.Length - 1] |> error |> ignore))

        test "the reason is said" {
            withFolder (fun folder ->
                let good = bytesOf (stored 5 1)
                let changed i = Array.updateAt i (good[i] + 1uy) good

                Expect.stringContains
                    (error (CohortFile.read (Path.Combine(folder, "none"))))
                    "cannot be read"
                    ""

                Expect.stringContains (error (readBytes folder [||])) "truncated" ""
                Expect.stringContains (error (readBytes folder (changed 0))) "not a cohort file" ""
                Expect.stringContains (error (readBytes folder (changed 8))) "version" ""
                Expect.stringContains (error (readBytes folder (changed 100))) "checksum" "")
        }
    ]
