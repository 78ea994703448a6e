module CausalDebiasing.Tests.Training.TrainingTests

open System
open Expecto
open TorchSharp
open CausalDebiasing
open CausalDebiasing.Debiasing
open CausalDebiasing.Predictors
open CausalDebiasing.Training
open CausalDebiasing.Tests.Support

let private train, private validation, private test =
    Toy.draws { Toy.standard with Rows = 400 }

let private fitWith (predictor: IPredictor) (context: FitContext) =
    predictor.Fit(train, validation, context)
    predictor.PredictProbability test

/// Live tensors after each epoch of a fit.
let private liveTensors (predictor: IPredictor) =
    let counts = ResizeArray<int64>()

    let context =
        FitContext(Seed = Toy.seed 2, Progress = (fun _ -> counts.Add torch.Tensor.TotalCount))

    predictor.Fit(train, validation, context)
    List.ofSeq counts

let private neural selection =
    new NeuralPredictor(
        "test",
        (fun context -> new CausalDebiasing.Baselines.ZeroFillMlp(context)),
        TrainingOptions(Epochs = 8, Selection = selection),
        Hyperparameters([ HyperparameterAttribute("width", 16.0, 8.0, 32.0) ])
    )

[<Tests>]
let tests =
    Trained.tests "training" [
        for preset in
            [
                "plain"
                "paper"
                "recommended"
                "db-cal"
                "groupdro-pattern"
                "groupdro-site"
                "irm"
                "vrex"
                "coral"
                "jtt"
            ] do
            testCase $"live tensors stay flat over epochs ({preset})"
            <| fun () ->
                let predictor: IPredictor =
                    match preset with
                    | "plain" -> Toy.create "mt"
                    | _ -> CausalDebias.Wrap(Toy.create "mt", DebiasOptions.Presets[preset])

                let counts = liveTensors predictor
                Expect.isGreaterThan counts.Length 3 "epochs"
                // Earlier tests' leftovers may be collected meanwhile, so the count may fall but never rise.
                Expect.isLessThanOrEqual (List.max (List.tail counts)) counts[1] "no tensor outlives its step"

        testCase "sample weights of zero remove rows"
        <| fun () ->
            // Labels of the rows with weight zero are flipped: honoured weights make that harmless.
            let labels =
                train.Labels.ToArray() |> Array.mapi (fun i y -> if i < 200 then 1f - y else y)

            let weights = Array.init train.Count (fun i -> if i < 200 then 0f else 1f)

            for id in Toy.baselineIds do
                let predictor = Toy.create id

                predictor.Fit(
                    train.WithLabels labels,
                    validation,
                    FitContext(Seed = Toy.seed 1, SampleWeights = weights)
                )

                let auroc =
                    CausalDebiasing.Metrics.Auroc.Compute(
                        test.Labels,
                        ReadOnlySpan(predictor.PredictProbability test)
                    )

                Expect.isGreaterThan auroc 0.85 id

        testCase "a spent time budget still leaves a model"
        <| fun () ->
            let epochs = ResizeArray<int>()

            let context =
                FitContext(
                    Seed = Toy.seed 0,
                    TimeBudget = TimeSpan.Zero,
                    Progress = (fun report -> epochs.Add report.Epoch)
                )

            let probabilities = fitWith (neural SelectionRule.ValidationLogLoss) context
            Expect.equal (List.ofSeq epochs) [ 1 ] "one epoch"
            Expect.isTrue (probabilities |> Array.forall (fun p -> p >= 0f && p <= 1f)) "a model"

        testCase "the selection rule decides which epoch is kept"
        <| fun () ->
            let scores rule =
                let found = ResizeArray<float>()

                let context =
                    FitContext(Seed = Toy.seed 0, Progress = (fun report -> found.Add report.Selection))

                fitWith (neural rule) context |> ignore
                List.ofSeq found

            Expect.equal (scores SelectionRule.LastEpoch) [ 1.0 .. 8.0 ] "last epoch: the later the better"
            Expect.all (scores SelectionRule.ValidationLogLoss) (fun score -> score < 0.0) "minus log loss"
            Expect.all (scores SelectionRule.ValidationAuroc) (fun score -> score > 0.5) "AUROC"

        testCase "predicting before fitting is a defect, not a user's mistake"
        <| fun () ->
            Expect.throwsT<InvalidOperationException>
                (fun () -> (Toy.create "mt").PredictProbability test |> ignore)
                "not fitted"

        testCase "a parameter that gets its first gradient later is trained from then on, whatever its values"
        <| fun () ->
            use first = new Modules.Parameter(torch.ones 3L)
            use later = new Modules.Parameter(torch.ones 3L)
            use optimiser = new FlatAdam([ first; later ], TrainingOptions())

            let step (loss: torch.Tensor) =
                loss.backward ()
                optimiser.Step()

            step (first.sum ())
            Expect.equal (later.data<float32>().ToArray()) [| 1f; 1f; 1f |] "left as it is"
            step (first.sum () + later.sum ())
            Expect.all (later.data<float32>().ToArray()) (fun value -> value < 1f) "then it moves"

        testCase "the optimiser is Adam with an L2 penalty after clipping the norm of the whole gradient"
        <| fun () ->
            let options =
                TrainingOptions(LearningRate = 0.1, WeightDecay = 0.01, GradientNorm = 2.0)
            // 8 numbers in all, and 13: with and without a rest behind whole vectors.
            for sizes in [ [ 3; 5 ]; [ 2; 11 ] ] do
                use _ = torch.NewDisposeScope()
                let start = sizes |> List.mapi Tensors.numbers

                let parameters = [
                    for values in start -> new Modules.Parameter(Tensors.float32s [ values.Length ] values)
                ]

                use optimiser = new FlatAdam(parameters, options)
                let mutable x = List.concat start
                let mutable first = List.map (fun _ -> 0.0) x
                let mutable second = first

                for step in 1..5 do
                    for own in parameters do
                        own.square().sum().backward()

                    optimiser.Step()
                    let norm = 2.0 * sqrt (List.sumBy (fun v -> v * v) x)
                    let g = x |> List.map (fun v -> 2.0 * v * min 1.0 (2.0 / norm) + 0.01 * v)
                    first <- List.map2 (fun m g -> 0.9 * m + 0.1 * g) first g
                    second <- List.map2 (fun v g -> 0.999 * v + 0.001 * g * g) second g
                    let unbias decay value = value / (1.0 - decay ** float step)

                    x <-
                        List.map2
                            (fun m v -> 0.1 * unbias 0.9 m / (sqrt (unbias 0.999 v) + 1e-8))
                            first
                            second
                        |> List.map2 (-) x

                Tensors.close (List.collect Tensors.values parameters) x $"after five steps, {sizes}"
    ]
