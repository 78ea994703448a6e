module CausalDebiasing.Tests.Debiasing.PatternAdjustmentTests

open System
open Expecto
open TorchSharp
open CausalDebiasing
open CausalDebiasing.Cohorts
open CausalDebiasing.Debiasing
open CausalDebiasing.Networks
open CausalDebiasing.Predictors
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.ToyOutcomes

let private classifierContext (cohort: Cohort) width =
    HeadContext(
        width,
        cohort.Modalities.Count,
        PatternTable.Fit cohort,
        cohort.Count,
        cohort.SiteNames.Count,
        cohort.Prevalence,
        (Seed 4UL).ToGenerator()
    )

let private batch (cohort: Cohort) =
    let mask =
        torch
            .tensor([| for observed in cohort.Mask.ToArray() -> if observed then 1f else 0f |])
            .reshape(int64 cohort.Count, int64 cohort.Modalities.Count)

    Batch(
        Values = [||],
        Mask = mask,
        Patterns = [| for row in rows cohort -> cohort.Pattern row |],
        Labels = torch.tensor (cohort.Labels.ToArray())
    )

/// A predictor whose answer is a known function of the pattern it is shown.
let private patternReader () =
    new ToyPredictor(
        false,
        fun cohort ->
            let last = cohort.Modalities.Count - 1
            [| for row in rows cohort -> 0.1f + 0.8f * cohort.Row(last, row).[1] |]
    )

[<Tests>]
let tests =
    Trained.tests "pattern adjustment" [
        testCase "steps of a method's own get weights under which the validation rows' patterns tell nothing"
        <| fun () ->
            let validation =
                Toy.outcomeLinked {
                    Toy.standard with
                        Rows = 4000
                        Shift = 0.2
                        Seed = 2
                }

            let listener = ToyPredictor.Constant(false, 0.5f)
            CausalDebias.Wrap(listener).Fit(outcomeLinked, validation, Toy.context 1)

            match listener.Fits.Head.ValidationWeights with
            | null -> failtest "no weights"
            | weights -> expectBalanced validation (fun row -> float weights[row]) 0.05

        testCase "a predictor that is wrapped without a balance gets no such weights"
        <| fun () ->
            let listener = ToyPredictor.Constant(false, 0.5f)

            CausalDebias
                .Wrap(listener, DebiasOptions.AugmentationOnly)
                .Fit(outcomeLinked, outcomeLinked, Toy.context 1)

            Expect.isNull listener.Fits.Head.ValidationWeights "weights"

        testCase "resampling hides what others lack, no more and what goes together together"
        <| fun () ->
            let toy =
                Toy.cohort {
                    Toy.standard with
                        Rows = 400
                        Missing = 0.
                }

            // The first is always there, the others half of the time, and together.
            let cohort =
                toy.WithMask [|
                    for row in 0 .. toy.Count - 1 do
                        for m in 0 .. toy.Modalities.Count - 1 -> m = 0 || row % 2 = 0
                |]

            let all = (1 <<< cohort.Modalities.Count) - 1
            let thinning = PatternThinning(Thinning(0.0, 0.5), cohort)
            let random = Random 5
            let kept = [ for _ in 1..2000 -> thinning.Apply(all, random) ]
            Expect.equal (List.distinct kept |> List.sort) [ 1; all ] "the first alone, or all"
            let alone = kept |> List.filter ((=) 1) |> List.length

            Expect.isLessThan
                (abs (alone - 500))
                90
                "half of the time, where the other row has the first alone"

            use generator = (Toy.seed 1).ToGenerator()

            let masks =
                thinning.Apply(TorchSharp.torch.ones (2000L, int64 cohort.Modalities.Count), generator)

            let patterns = Batch.PatternsOf masks |> Array.toList
            Expect.equal (List.distinct patterns |> List.sort) [ 1; all ] "so with the rows of a batch"
            let alone = patterns |> List.filter ((=) 1) |> List.length
            Expect.isLessThan (abs (alone - 500)) 90 "as often"

            let complete =
                PatternThinning(
                    Thinning(0.0, 1.0),
                    toy.WithMask(Array.create (toy.Count * toy.Modalities.Count) true)
                )

            Expect.equal (complete.Apply(all, random)) all "complete records stay complete"

        testCase "thinning never leaves a row empty and never shows more"
        <| fun () ->
            let random = Random 3

            for pattern in 1..15 do
                for _ in 1..50 do
                    let thin = ModalityDrop.Thin(pattern, 4, 0.9, random)
                    Expect.notEqual thin 0 "something is left"
                    Expect.equal (thin &&& pattern) thin "a subset"

        testCase "propensity weights undo a pattern's dependence on the site"
        <| fun () ->
            let toy =
                Toy.cohort {
                    Toy.standard with
                        Rows = 4000
                        Missing = 0.0
                }

            let random = Random 2

            let bySite =
                toy.WithMask [|
                    for row in rows toy do
                        for m in 0..2 ->
                            m <> 2 || random.NextDouble() < (if toy.Sites[row] = 0 then 0.3 else 0.8)
                |]

            let weights = PatternPropensity.Weights bySite

            let rate site (weight: int -> float) =
                let members = rows bySite |> List.filter (fun row -> bySite.Sites[row] = site)
                let seen = members |> List.filter (fun row -> bySite.IsObserved(row, 2))
                (seen |> List.sumBy weight) / (members |> List.sumBy weight)

            let spread weight =
                let rates = [ for site in 0..3 -> rate site weight ]
                List.max rates - List.min rates

            Expect.isGreaterThan (spread (fun _ -> 1.0)) 0.4 "sites differ"
            Expect.isLessThan (spread (fun row -> float weights[row])) 0.08 "weighted sites agree"

        testCase "standardisation averages predictions over the prior of the patterns"
        <| fun () ->
            let table = PatternTable.Fit outcomeLinked
            use reader: IPredictor = patternReader ()
            let marginal = PatternStandardisation.Marginal(reader, outcomeLinked, table)

            let expected =
                Seq.zip table.Patterns table.Prior
                |> Seq.sumBy (fun (pattern, prior) -> prior * (if pattern >>> 1 &&& 1 = 1 then 0.9 else 0.1))

            for p in marginal do
                Expect.floatClose Accuracy.medium (float p) expected "the same sum for every row"

        testCase "the exact marginal is the prior-weighted mean of factual probabilities"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            let context = classifierContext outcomeLinked 6
            use classifier = new PatternClassifier(context, 6, 8)
            let all = batch outcomeLinked

            let features =
                torch.randn ([| int64 all.Count; 6L |], generator = (Seed 8UL).ToGenerator())

            classifier.Learn(features, all)
            let struct (_, marginal) = classifier.Classify(features, all)

            let byPattern = [
                for r, pattern in Seq.indexed context.Patterns.Patterns do
                    let forced =
                        Batch(Values = [||], Mask = all.Mask, Patterns = Array.create all.Count pattern)

                    let struct (factual, _) = classifier.Classify(features, forced)
                    torch.sigmoid (factual) * torch.tensor (float32 context.Patterns.Prior[r])
            ]

            let sum = byPattern |> List.reduce (fun a b -> a + b)
            Expect.isLessThan ((sum - marginal).abs().max().ToDouble()) 1e-5 "equal"
    ]
