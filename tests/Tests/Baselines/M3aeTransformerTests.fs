module CausalDebiasing.Tests.Baselines.M3aeTransformerTests

open Expecto
open TorchSharp
open CausalDebiasing.Catalogue
open CausalDebiasing.Baselines
open CausalDebiasing.Cohorts
open CausalDebiasing.Predictors
open CausalDebiasing.Training
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support

let private patches = [| 4; 8; 4 |]

/// Visible patches by modality, for many copies of one mask.
let private visible mask hidden =
    use _ = torch.NewDisposeScope()
    use random = (Seed 2UL).ToGenerator()

    let shown =
        M3aeTransformer.VisiblePatches(Batches.matrix (List.replicate 400 mask), patches, hidden, random)

    [
        for row in Array.chunkBySize (Array.sum patches) (Batches.numbers shown) ->
            [ for part in [ row[0..3]; row[4..11]; row[12..15] ] -> int (Array.sum part) ]
    ]

[<Tests>]
let tests =
    Trained.tests "m3ae-t" [
        testCase "three quarters of the observed patches are hidden, dropped modalities included"
        <| fun () ->
            let rows = visible [ 1.0; 1.0; 1.0 ] 0.75
            Expect.all rows (fun row -> List.sum row = 4) "4 of 16 patches are visible"

            let seen = rows |> List.map (List.filter ((<>) 0) >> List.length) |> List.distinct

            Expect.containsAll seen [ 1; 2; 3 ] "in one, two or three modalities"

        testCase "a missing modality shows nothing and does not count"
        <| fun () ->
            let rows = visible [ 1.0; 0.0; 1.0 ] 0.75
            Expect.all rows (fun row -> row[1] = 0 && List.sum row = 2) "2 of 8 patches, none of the missing"

        testCase "something is always visible, never more than what was kept"
        <| fun () ->
            Expect.all (visible [ 1.0; 0.0; 0.0 ] 0.99) (fun row -> List.sum row = 1) "at least one"
            let rows = visible [ 1.0; 1.0; 0.0 ] 0.25
            Expect.all rows (fun row -> row[0] <= 4 && row[1] <= 8 && List.sum row <= 9) "at most 9 of 12"
            Expect.contains rows [ 4; 0; 0 ] "the kept modality has only 4"

        testCase "gaps, missing modalities and padding are no targets of the reconstruction"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            let layout = PatchLayout.Of(Modality.Tabular("labs", 5), 4)
            Expect.equal (layout.Patches, layout.Size) (3, 2) "five features in patches of two"

            let struct (values, observed) =
                layout.Cut(
                    Batches.matrix [ [ 1.0; 0.0; 3.0; 4.0; 5.0 ]; [ 0.0; 0.0; 0.0; 0.0; 0.0 ] ],
                    torch.tensor [| 1f; 0f |]
                )

            Expect.equal
                (Batches.numbers values)
                [| 1.0; 0.0; 3.0; 4.0; 5.0; 0.0; yield! Array.zeroCreate 6 |]
                "padded"

            Expect.equal
                (Batches.numbers observed)
                [| 1.0; 0.0; 1.0; 1.0; 1.0; 0.0; yield! Array.zeroCreate 6 |]
                "observed entries"

        testCase "a series is cut along time, codes are one patch over the vocabulary"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            let series = PatchLayout.Of(Modality.Series("vitals", 6, 2), 3)
            let steps = torch.arange(1, 13, dtype = torch.float32).view(1L, 6L, 2L)
            let struct (values, _) = series.Cut(steps, torch.ones 1L)
            Expect.equal (Batches.numbers values[0L, 0L]) [| 1.0 .. 4.0 |] "two steps, both channels"
            let codes = PatchLayout.Of(Modality.Codes("diagnoses", 3, 4), 3)

            let struct (listed, shown) =
                codes.Cut(Batches.matrix [ [ 4.0; 2.0; 0.0 ] ], torch.ones 1L)

            Expect.equal (Batches.numbers listed) [| 0.0; 1.0; 0.0; 1.0 |] "codes 2 and 4"
            Expect.equal (Batches.numbers shown) [| 1.0; 1.0; 1.0; 1.0 |] "absent codes are observations"

        testCase "hidden patches show the substitute and nothing of what they hide"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            use random = (Seed 4UL).ToGenerator()

            use modality =
                new PatchModality(PatchLayout.Of(Modality.Tabular("labs", 4), 2), 3, random)

            let content = Batches.matrix [ [ 0.5; -0.5 ]; [ 1.0; 2.0 ] ]

            let cut (first: float list) =
                Batches.matrix([ first; [ 7.0; 8.0 ] ]).unsqueeze(0)

            let embed values visible =
                Batches.numbers (modality.Embed(values, Batches.matrix [ visible ], content))

            let expected = embed (cut [ 0.5; -0.5 ]) [ 1.0; 1.0 ]
            Expect.equal (embed (cut [ 3.0; 4.0 ]) [ 0.0; 1.0 ]) expected "the substitute's token"

        testCase "substitutes are learned in stage 1 and frozen in stage 2"
        <| fun () ->
            let train, validation, _ = Toy.draws { Toy.standard with Rows = 200 }
            let mutable backbone: M3aeTransformer option = None
            let course = ResizeArray()

            let defaults = Hyperparameters((Toy.catalog.Find "m3ae-t").Hyperparameters, null)

            use predictor =
                new NeuralPredictor(
                    "m3ae-t",
                    (fun context ->
                        let made = new M3aeTransformer(context)
                        backbone <- Some made
                        made),
                    CausalDebiasing.Training.TrainingOptions(Epochs = 3),
                    defaults
                )

            let record (_: EpochReport) =
                course.Add [ for content in backbone.Value.Substitutes -> Batches.numbers content ]

            predictor.Fit(train, validation, FitContext(Seed = Toy.seed 1, Progress = record))
            Expect.hasLength course 3 "three epochs"
            Expect.all course[0] (Array.exists ((<>) 0.0)) "learned"
            Expect.allEqual course course[0] "frozen"

            Expect.isFalse
                (backbone.Value.named_parameters ()
                 |> Seq.exists (fun struct (name, _) -> name.Contains "substitute"))
                "absent from the optimiser"
    ]
