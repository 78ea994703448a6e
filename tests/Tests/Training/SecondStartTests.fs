module CausalDebiasing.Tests.Training.SecondStartTests

open Expecto
open TorchSharp
open CausalDebiasing
open CausalDebiasing.Metrics
open CausalDebiasing.Networks
open CausalDebiasing.Predictors
open CausalDebiasing.Training
open CausalDebiasing.Tests.Support

/// Which training batches a backbone saw, as (start, epoch, whether the logit had an offset).
type private Log() =
    member val Start = 0 with get, set
    member val Epoch = 0 with get, set
    member val Batches = ResizeArray<int * int * bool>()

/// Shows nothing until it is awake, and the features of a modality that tells the outcome from then on.
type private Sleeper(log: Log, isAwake: Log -> bool) =
    inherit Backbone("sleeper")

    override _.Width = 5

    override _.BeginEpoch(_, epoch) =
        log.Epoch <- epoch

        if epoch = 1 then
            log.Start <- log.Start + 1

    override _.Represent batch =
        if batch.IsTraining then
            log.Batches.Add(log.Start, log.Epoch, not (isNull batch.Offsets))

        Representation(
            if isAwake log then
                batch.Values[2]
            else
                torch.zeros_like batch.Values[2]
        )

let private toy = { Toy.standard with Rows = 3000 }

let private draw seed =
    Toy.outcomeLinked { toy with Seed = seed }

/// Fits a sleeper; gives its log and the AUROC on test rows.
let private fit (wrap: NeuralPredictor -> IPredictor) isAwake =
    let log = Log()

    use predictor =
        wrap (
            new NeuralPredictor(
                "sleeper",
                (fun _ -> new Sleeper(log, isAwake)),
                TrainingOptions(Epochs = 8, Patience = 3, BatchSize = 128),
                null
            )
        )

    predictor.Fit(draw 1, draw 1001, Toy.context 1)
    // Complete, so that a network that has learnt is far above one that has not.
    let test = Toy.cohort { toy with Missing = 0.0; Seed = 2001 }
    log, Auroc.Compute(test.Labels, predictor.PredictProbability test)

/// Awake from a start on, from an epoch on.
let private from start epoch (log: Log) =
    log.Start >= start && log.Epoch >= epoch

let private plain (predictor: NeuralPredictor) : IPredictor = predictor

let private recommended (predictor: NeuralPredictor) : IPredictor = CausalDebias.Wrap predictor

/// What the network alone predicts, the patterns' part left out.
let private interventional (predictor: NeuralPredictor) : IPredictor =
    CausalDebias.Wrap(predictor, DebiasOptions.Presets["recommended-interventional"])

[<Tests>]
let tests =
    Trained.tests "second start" [
        testCase
            "a network that learns nothing beside the offsets starts again without them until it has learnt"
        <| fun () ->
            let log, auroc = fit recommended (from 2 1)
            Expect.equal log.Start 2 "starts"

            for start, epoch, offset in log.Batches do
                if start = 1 || epoch = 1 then
                    Expect.equal offset (start = 1) $"offset in start {start}, epoch {epoch}"

            let last = log.Batches[log.Batches.Count - 1]
            Expect.equal last (2, log.Epoch, true) "the offsets came in"
            Expect.isGreaterThan log.Epoch 1 "after an epoch without"
            Expect.isGreaterThan auroc 0.8 "and the network was kept that learnt"

        testCase "a network that learns starts once, with the offsets"
        <| fun () ->
            let log, auroc = fit recommended (from 1 1)
            Expect.equal log.Start 1 "starts"
            Expect.all log.Batches (fun (_, _, offset) -> offset) "offsets"
            Expect.isGreaterThan auroc 0.8 "AUROC"

        testCase "a network that never learns ends after two starts"
        <| fun () ->
            let log, auroc = fit interventional (from 3 1)
            Expect.equal log.Start 2 "starts"

            Expect.all
                (Seq.filter (fun (start, _, _) -> start = 2) log.Batches)
                (fun (_, _, o) -> not o)
                "no offset"

            Expect.equal auroc 0.5 "AUROC"

        testCase "without offsets there is no second start"
        <| fun () ->
            let log, _ = fit plain (from 2 1)
            Expect.equal log.Start 1 "starts"

        testCase "patience does not end a network that has learnt nothing yet"
        <| fun () ->
            // Patience is three epochs.
            let log, auroc = fit plain (from 1 6)
            Expect.equal log.Epoch 8 "epochs"
            Expect.isGreaterThan auroc 0.8 "AUROC"
    ]
