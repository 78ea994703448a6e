module CausalDebiasing.Tests.Predictors.CheckpointTests

open System
open System.Collections.Generic
open System.Diagnostics
open System.IO
open System.Reflection
open System.Security.Cryptography
open System.Text
open Expecto
open CausalDebiasing.Catalogue
open CausalDebiasing
open CausalDebiasing.Predictors
open CausalDebiasing.Runtime
open CausalDebiasing.Training
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

let private create id (preset: string option) : IPredictor =
    match preset with
    | None -> Toy.create id
    | Some name -> CausalDebias.Wrap(Toy.create id, DebiasOptions.Presets[name])

let private save id preset =
    let path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.checkpoint")
    let predictor = create id preset
    predictor.Fit(train, validation, Toy.context 31)
    Checkpoint.Save(path, predictor)
    path, predictor

/// Does something with a fitted predictor and its file, which it may change.
let private withFile id preset (action: string -> IPredictor -> unit) =
    let path, predictor = save id preset
    use _ = predictor

    try
        action path predictor
    finally
        File.Delete path

let private message path =
    InputErrors.message (fun () -> Checkpoint.Load(path, Toy.catalog))

/// The bytes with one text in place of another of the same length, and a checksum that holds again.
let private replaced (before: string) (after: string) (bytes: byte[]) =
    let at = bytes.AsSpan().IndexOf(ReadOnlySpan(Encoding.UTF8.GetBytes before))
    Expect.isGreaterThanOrEqual at 0 $"'{before}' is in the file"
    let changed = Array.copy bytes
    Encoding.UTF8.GetBytes(after).CopyTo(changed, at)
    let content = changed.Length - SHA256.HashSizeInBytes
    SHA256.HashData(ReadOnlySpan(changed, 0, content)).CopyTo(changed, content)
    changed

/// What loading bytes does: "refused", or the bits predicted.
let private outcome path (bytes: byte[]) =
    File.WriteAllBytes(path, bytes)

    try
        use predictor = Checkpoint.Load(path, Toy.catalog)
        bits (predictor.PredictProbability test)
    with :? InputException as refusal ->
        Expect.isFalse (refusal.Message.Contains '\n') refusal.Message
        "refused"

[<Tests>]
let tests =
    Trained.tests "checkpoint" [
        for id, preset in
            [
                "mt", None
                "mask-concat-mlp", Some "paper"
                "zero-fill-mlp", Some "recommended"
                "crl-mmnar", Some "recommended-no-branch"
                "logistic", Some "md-exact"
            ] do
            testCase $"{id} {preset} predicts the same bits in another process"
            <| fun () ->
                withFile id preset (fun path predictor ->
                    Expect.equal
                        (inAnotherProcess path)
                        (bits (predictor.PredictProbability test))
                        "bit-equal")

        for id, preset in
            [
                "zero-fill-mlp", Some "recommended"
                "lightgbm", None
                "logistic", Some "recommended-no-branch"
            ] do
            testCase $"{id} {preset}: no damage to a file changes a prediction"
            <| fun () ->
                withFile id preset (fun path predictor ->
                    let bytes, random = File.ReadAllBytes path, Random 5
                    let expected = bits (predictor.PredictProbability test)
                    Expect.equal (outcome path bytes) expected "as it is"

                    for _ in 1..100 do
                        let damaged, at = Array.copy bytes, random.Next bytes.Length
                        damaged[at] <- damaged[at] ^^^ (1uy <<< random.Next 8)
                        Expect.equal (outcome path damaged) "refused" $"a bit of byte {at}"

                    for _ in 1..20 do
                        let keep = random.Next bytes.Length
                        Expect.equal (outcome path bytes[.. keep - 1]) "refused" $"cut after {keep} bytes"

                    Expect.equal (outcome path (Array.append bytes [| 0uy |])) "refused" "a byte more")

        testCase "a missing, foreign or older file is a user's mistake"
        <| fun () ->
            withFile "logistic" (Some "recommended-no-branch") (fun path _ ->
                Expect.stringContains (message "/nowhere/at.all") "no checkpoint at" "missing"
                let bytes = File.ReadAllBytes path

                for before, after, said in
                    [
                        "checkpoint-3", "checkpoint-7", "has format 7, and this build reads format 3"
                        "KeptAsInTraining",
                        "KeptAsInTrainink",
                        "'$.Options.Patterns' that this build does not know"
                        "Recalibrate", "Recalibrade", "that this build does not know"
                        "\"Version\":2",
                        "\"Version\":1",
                        "version 1 of baseline 'logistic', and this build has version 2"
                        "\"l2\"", "\"l3\"", "Unknown hyper-parameter 'l3'"
                    ] do
                    File.WriteAllBytes(path, replaced before after bytes)
                    Expect.stringContains (message path) said said

                File.WriteAllText(path, "\025causaldebias-checkpoint-1 and so on")
                Expect.stringContains (message path) "has format 1" "an older build's"
                File.WriteAllText(path, "patient,age")
                Expect.stringContains (message path) "no causaldebias-checkpoint of this library" "foreign")

        for options in [ None; Some DebiasOptions.Recommended ] do
            let wrapped = if options.IsSome then "wrapped" else "plain"

            testCase $"a model of one's own, {wrapped}, is stored as a baseline is"
            <| fun () ->
                let net name =
                    let values = Hyperparameters([ HyperparameterAttribute("width", 16.0, 8.0, 32.0) ])

                    new NeuralPredictor(
                        name,
                        (fun context -> new Baselines.ZeroFillMlp(context)),
                        null,
                        values
                    )

                let path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}.checkpoint")

                use fitted: IPredictor =
                    match options with
                    | Some options -> CausalDebias.Wrap(net "my-net", options)
                    | None -> net "my-net"

                fitted.Fit(train, validation, Toy.context 31)

                try
                    Checkpoint.Save(path, fitted)
                    use restored = Checkpoint.Load(path, net "my-net")

                    Expect.equal
                        (restored.PredictProbability test)
                        (fitted.PredictProbability test)
                        "bit-equal"

                    Expect.equal (restored :? DebiasedPredictor) options.IsSome "wrapped as it was"

                    for said, load in
                        [
                            "'my-net', which was not made from a baseline",
                            (fun () -> Checkpoint.Load(path, Toy.catalog))
                            "holds the model 'my-net', and not 'other'",
                            (fun () -> Checkpoint.Load(path, net "other"))
                            "holds the model 'my-net', and not 'mt'",
                            (fun () -> Checkpoint.Load(path, Toy.create "mt"))
                        ] do
                        Expect.stringContains (InputErrors.message load) said said
                finally
                    File.Delete path

        testCase "a checkpoint that cannot be put in its place leaves nothing behind"
        <| fun () ->
            let folder = Directory.CreateTempSubdirectory "causaldebias-"

            try
                let path = Path.Combine(folder.FullName, "model")
                Directory.CreateDirectory path |> ignore
                use fitted = Toy.create "zero-fill-mlp"
                fitted.Fit(train, validation, Toy.context 31)

                Expect.stringContains
                    (InputErrors.message (fun () -> Checkpoint.Save(path, fitted)))
                    "cannot be written"
                    "said"

                Expect.equal (Directory.GetFileSystemEntries folder.FullName) [| path |] "nothing else"
            finally
                folder.Delete true

        testCase "a network is not loaded under another name"
        <| fun () ->
            use stream = new MemoryStream()
            use fitted = Toy.create "zero-fill-mlp"
            fitted.Fit(train, validation, Toy.context 31)
            fitted.Save stream
            stream.Position <- 0L

            use other =
                new NeuralPredictor("other", (fun context -> new Baselines.ZeroFillMlp(context)))

            Expect.stringContains
                (InputErrors.message (fun () -> other.Load stream))
                "holds the network 'zero-fill-mlp'"
                "names both"

        testCase "what is left out by mistake is named"
        <| fun () ->
            for predictor in [ Toy.create "zero-fill-mlp"; create "logistic" (Some "recommended") ] do
                use predictor = predictor

                for name, mistake in
                    [
                        "validation", (fun () -> predictor.Fit(train, Unchecked.defaultof<_>, Toy.context 1))
                        "train", (fun () -> predictor.Fit(Unchecked.defaultof<_>, validation, Toy.context 1))
                        "context", (fun () -> predictor.Fit(train, validation, Unchecked.defaultof<_>))
                        "predictor", (fun () -> CausalDebias.Wrap(Unchecked.defaultof<_>) |> ignore)
                    ] do
                    Expect.throwsC mistake (function
                        | :? ArgumentNullException as missing ->
                            Expect.equal missing.ParamName name "parameter"
                        | other -> failtest $"{other}")

                predictor.Fit(train, validation, Toy.context 1)

                Expect.throwsT<ArgumentNullException>
                    (fun () -> predictor.PredictProbability(Unchecked.defaultof<_>) |> ignore)
                    "cohort"

        testCase "what it takes to make the predictor again is the predictor's own"
        <| fun () ->
            let recipe =
                (Toy.catalog.Find("logistic").Create(dict [ "l2", 3.0 ] |> Dictionary)).Recipe

            Expect.equal (nonNull recipe).Hyperparameters["l2"] 3.0 "hyper-parameters"

            for baseline in Toy.catalog do
                Expect.equal
                    (nonNull (baseline.Create()).Recipe).Baseline
                    baseline.Info.Id
                    "every baseline has its recipe"

        testCase "weights that are not finite are neither saved nor loaded"
        <| fun () ->
            let fitted id =
                let predictor = Toy.create id
                predictor.Fit(train, validation, Toy.context 31)
                use stream = new MemoryStream()
                predictor.Save stream
                predictor, stream.ToArray()

            let load id (bytes: byte[]) =
                InputErrors.message (fun () -> (Toy.create id).Load(new MemoryStream(bytes)))

            let network, bytes = fitted "zero-fill-mlp"

            for broken in [ nanf; infinityf ] do
                let last = bytes.Length - SHA256.HashSizeInBytes - sizeof<float32>
                let changed = Array.copy bytes
                BitConverter.GetBytes(broken).CopyTo(changed, last)
                Expect.stringContains (load "zero-fill-mlp" (replaced "" "" changed)) "not finite" $"{broken}"

            let _, trees = fitted "lightgbm"
            let text = Encoding.UTF8.GetString trees

            let at =
                text.IndexOf("leaf_value=", StringComparison.Ordinal) + "leaf_value=".Length

            let value = text[at .. text.IndexOf(' ', at) - 1]
            let broken = "leaf_value=" + "nan".PadRight(value.Length)

            Expect.stringContains
                (load "lightgbm" (replaced ("leaf_value=" + value) broken trees))
                "not finite"
                "a leaf"

            // A step size at which the weights overflow, and no choice of an earlier epoch.
            use diverged =
                new NeuralPredictor(
                    "diverged",
                    (fun context -> new Baselines.ZeroFillMlp(context)),
                    TrainingOptions(LearningRate = 1e30, Selection = SelectionRule.LastEpoch),
                    Hyperparameters([ HyperparameterAttribute("width", 16.0, 8.0, 32.0) ])
                )

            diverged.Fit(train, validation, Toy.context 31)
            use stream = new MemoryStream()

            Expect.stringContains
                (InputErrors.message (fun () -> diverged.Save stream))
                "'diverged' cannot be saved: it holds numbers that are not finite"
                "network"

            Expect.equal stream.Length 0L "nothing is written"
    ]
