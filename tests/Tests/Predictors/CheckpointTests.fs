module CausalDebiasing.Tests.Predictors.CheckpointTests

open System
open System.Diagnostics
open System.IO
open System.Reflection
open Expecto
open CausalDebiasing
open CausalDebiasing.Predictors
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support

let private train, private validation, private test =
    Toy.draws { Toy.standard with Rows = 300 }

let private bits (probabilities: float32[]) =
    probabilities
    |> Array.map (fun p -> BitConverter.SingleToInt32Bits(p).ToString "x8")
    |> String.concat " "

/// What the child process does: load, predict the same new patients, print the bits.
let predictInThisProcess (path: string) =
    use predictor = Checkpoint.Load(path, Toy.catalog)
    printfn "%s" (bits (predictor.PredictProbability test))
    0

let private inAnotherProcess (path: string) =
    let start = ProcessStartInfo("dotnet", RedirectStandardOutput = true)
    start.ArgumentList.Add(Assembly.GetExecutingAssembly().Location)
    start.ArgumentList.Add "predict-from-checkpoint"
    start.ArgumentList.Add path
    use child = nonNull (Process.Start start)
    let output = child.StandardOutput.ReadToEnd()
    child.WaitForExit()
    output.Trim()

let private save id (preset: string option) =
    let path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.checkpoint")
    let baseline = Toy.catalog.Find id

    let options =
        preset |> Option.map (fun name -> DebiasOptions.Presets[name]) |> Option.toObj

    let predictor: IPredictor =
        match options with
        | null -> baseline.Create()
        | options -> CausalDebias.Wrap(baseline.Create(), options)

    predictor.Fit(train, validation, Toy.context 31)
    Checkpoint.Save(path, baseline, null, options, predictor)
    path, predictor

let private message path =
    InputErrors.message (fun () -> Checkpoint.Load(path, Toy.catalog))

[<Tests>]
let tests =
    testSequenced
    <| testList "checkpoint" [
        for id, preset in
            [
                "mt", None
                "mask-concat-mlp", Some "paper"
                "zero-fill-mlp", Some "recommended"
                "lightgbm", Some "md-exact"
            ] do
            testCase $"{id} {preset} predicts the same bits in another process"
            <| fun () ->
                let path, predictor = save id preset

                try
                    Expect.equal
                        (inAnotherProcess path)
                        (bits (predictor.PredictProbability test))
                        "bit-equal"
                finally
                    File.Delete path

        testCase "a missing, foreign or cut file is a user's mistake"
        <| fun () ->
            let path, _ = save "mask-concat-mlp" (Some "paper")
            let bytes = File.ReadAllBytes path

            try
                Expect.stringContains (message "/nowhere/at.all") "no checkpoint at" "missing"

                for keep in [ 10; bytes.Length / 3; bytes.Length - 100 ] do
                    File.WriteAllBytes(path, bytes[.. keep - 1])
                    Expect.isNotEmpty (message path) $"cut after {keep} bytes"
            finally
                File.Delete path
    ]
