module CausalDebiasing.Tests.Baselines.CmAeTests

open Expecto
open TorchSharp
open CausalDebiasing.Baselines
open CausalDebiasing.Cohorts
open CausalDebiasing.Tests.Support

let private modalities = [| Modality.Tabular("labs", 2); Modality.Codes("diagnoses", 2, 3) |]

/// The second row lacks labs, the third lacks diagnoses; the first has a gap (0 after standardisation) in its labs.
let private batch () =
    Batches.rows [ [ 1; 1 ]; [ 0; 1 ]; [ 1; 0 ] ] [
        Batches.matrix [ [ 1.0; 0.0 ]; [ 0.0; 0.0 ]; [ -1.0; 2.0 ] ]
        Batches.matrix [ [ 3.0; 0.0 ]; [ 1.0; 2.0 ]; [ 0.0; 0.0 ] ]
    ]

let private loss (labs: float list list) (diagnoses: float list list) =
    CmAe
        .ReconstructionLoss(modalities, [| Batches.matrix labs; Batches.matrix diagnoses |], batch ())
        .ToDouble()

[<Tests>]
let tests =
    testSequenced
    <| testList "cm-ae" [
        testCase "reconstruction is the mean squared error over observed entries, summed over modalities"
        <| fun () ->
            use _ = torch.NewDisposeScope()

            let actual =
                loss [ [ 2.0; 9.0 ]; [ 9.0; 9.0 ]; [ -1.0; 0.0 ] ] [
                    [ 0.0; 0.5; 1.0 ]
                    [ 1.0; 0.0; 0.0 ]
                    [ 9.0; 9.0; 9.0 ]
                ]

            // Labs: entries 1, -1 and 2; diagnoses: {3} and {1, 2} as three bits each.
            let labs = (1.0 + 0.0 + 4.0) / 3.0
            let diagnoses = (0.25 + 1.0) / 6.0
            Expect.floatClose Accuracy.medium actual (labs + diagnoses) "by hand"

        testCase "what is said of missing modalities and gaps does not count"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            let ones = [ 1.0; 1.0; 1.0 ]

            Expect.equal
                (loss [ [ 1.0; 55.0 ]; [ 55.0; 55.0 ]; [ 1.0; 1.0 ] ] [ ones; ones; [ 55.0; 55.0; 55.0 ] ])
                (loss [ [ 1.0; 0.0 ]; [ 0.0; 0.0 ]; [ 1.0; 1.0 ] ] [ ones; ones; ones ])
                "the same loss"
    ]
