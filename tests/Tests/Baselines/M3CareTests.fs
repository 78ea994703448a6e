module CausalDebiasing.Tests.Baselines.M3CareTests

open Expecto
open TorchSharp
open CausalDebiasing.Baselines.Shared
open CausalDebiasing.Tests.Support.Gradients

let private values (t: torch.Tensor) = t.data<double>().ToArray()

let private equal (actual: torch.Tensor) expected message =
    Array.iter2
        (fun a e -> Expect.isLessThan (abs (a - e)) 1e-6 message)
        (values (actual.to_type torch.float64))
        expected

/// The kernel at squared distance d when the mean squared distance is w.
let private kernel d w =
    (exp (-2.0 * d / w) + exp (-d / w) + exp (-d / (2.0 * w))) / 3.0

/// Three patients, two modalities: the first has both, the second only the first, the third only the second.
let private mask = tensor [ 3; 2 ] [| 1.0; 1.0; 1.0; 0.0; 0.0; 1.0 |]

[<Tests>]
let tests =
    testSequenced
    <| testList "m3care pieces" [
        testCase "kernel of three patients at 0, 1 and 3"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            let z = tensor [ 1; 3; 1 ] [| 0.0; 1.0; 3.0 |]
            // Squared distances 1, 9 and 4: mean 14/3.
            let g d = kernel d (14.0 / 3.0)

            equal
                (PatientSimilarity.Kernel(z, tensor [ 3; 1 ] (Array.create 3 1.0)))
                [| 1.0; g 1.0; g 9.0; g 1.0; 1.0; g 4.0; g 9.0; g 4.0; 1.0 |]
                "all share the modality"

        testCase "patients without the modality do not set the bandwidth"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            let z = tensor [ 1; 3; 1 ] [| 0.0; 2.0; 0.0 |]

            let between =
                PatientSimilarity.Kernel(z, tensor [ 3; 1 ] [| 1.0; 1.0; 0.0 |]).[0, 0, 1]

            equal (between.reshape 1L) [| kernel 4.0 4.0 |] "the only pair is at the mean distance"

        testCase "similarity is the mean over shared modalities"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            let kernels = tensor [ 2; 3; 3 ] [| for i in 1..18 -> float i / 20.0 |]
            // Patients 2 and 3 share nothing; only patient 1 with itself shares both.
            equal
                (PatientSimilarity.Average(kernels, mask))
                [|
                    (1.0 + 10.0) / 40.0
                    2.0 / 20.0
                    12.0 / 20.0
                    4.0 / 20.0
                    5.0 / 20.0
                    0.0
                    16.0 / 20.0
                    0.0
                    18.0 / 20.0
                |]
                "by hand"

        testCase "the threshold keeps values above it and learns from them"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            let threshold = (tensor [ 1 ] [| 0.5 |]).requires_grad_()

            let kept =
                PatientSimilarity.Threshold(tensor [ 4 ] [| 0.2; 0.5; 0.6; 0.9 |], threshold)

            equal (kept.detach ()) [| 0.0; 0.0; 0.6; 0.9 |] "values"
            kept.sum().backward()
            equal (nonNull threshold.grad) [| -2.0 |] "gradient: one per kept value"

        testCase "who lacks a modality hears those who have it, but nobody in the released code"
        <| fun () ->
            use _ = torch.NewDisposeScope()
            let k = tensor [ 3; 3 ] [| 1.0; 0.9; 0.8; 0.9; 1.0; 0.7; 0.8; 0.7; 1.0 |]
            let present = mask.t().unsqueeze -1L
            // Messages that are unit vectors make the adjacency visible.
            let units = (torch.eye (3L, dtype = torch.float64)).expand [| 2L; 3L; 3L |]

            equal
                (M3CareNetwork.Hear(k, units, present, false))
                [|
                    // First modality: patients 1 and 2 speak; the third, who lacks it, listens.
                    yield! [| 1.0; 0.9; 0.0; 0.9; 1.0; 0.0; 0.8; 0.7; 0.0 |]
                    // Second modality: patients 1 and 3 speak.
                    yield! [| 1.0; 0.0; 0.8; 0.9; 0.0; 0.7; 0.8; 0.0; 1.0 |]
                |]
                "columns masked"

            equal
                (M3CareNetwork.Hear(k, units, present, true))
                [|
                    yield! [| 1.0; 0.9; 0.0; 0.9; 1.0; 0.0; 0.0; 0.0; 0.0 |]
                    yield! [| 1.0; 0.0; 0.8; 0.0; 0.0; 0.0; 0.8; 0.0; 1.0 |]
                |]
                "rows and columns masked"
    ]
