module CausalDebiasing.Tests.Debiasing.PracticeStartsTests

open System
open Expecto
open CausalDebiasing.Debiasing
open CausalDebiasing.Tests.Support
open TorchSharp

/// Rows of two modalities of six columns that three latent states make almost all of, and a kind, of a third of the rows, that
/// moves the first modality across the states by little; a tenth of the entries are missing.
let private rows () =
    let random = Random 5

    let normal () =
        sqrt (-2. * log (1. - random.NextDouble()))
        * cos (2. * Math.PI * random.NextDouble())

    let loadings = Array.init 12 (fun _ -> Array.init 3 (fun _ -> normal ()))
    let kinds = Array.init 1500 (fun _ -> random.NextDouble() < 0.33)

    let scores =
        kinds
        |> Array.collect (fun isSecond ->
            let states = Array.init 3 (fun _ -> normal ())

            Array.init 12 (fun j ->
                let effect = Array.map2 (*) loadings[j] states |> Array.sum

                let shift =
                    if isSecond && j < 6 then
                        (if j % 2 = 0 then 0.7 else -0.7)
                    else
                        0.

                let value = effect + shift + 0.2 * normal ()
                if random.NextDouble() < 0.1 then nan else value))

    let outcomes = Array.init kinds.Length (fun i -> i % 2)
    PracticeRows.Of(scores, outcomes, Array.zeroCreate kinds.Length), kinds

[<Tests>]
let tests =
    testCase "some start is near kinds that the leading components do not show"
    <| fun () ->
        use _ = torch.NewDisposeScope()
        let rows, kinds = rows ()
        let alone = torch.ones (int64 rows.Count, 1L, torch.ScalarType.Float64)
        let one = PracticeEm.Fit(rows, PracticeEm.Start(rows, alone, 1, 3)).Model
        let modalities = Array.init 12 (fun j -> j / 6)

        let agreements = [
            for memberships in PracticeStarts(rows, one, modalities).Apart 2 do
                let first = memberships.select(1, 0L).data<float>().ToArray()

                let share =
                    Array.map2 (fun p kind -> if (p > 0.5) = kind then 1. else 0.) first kinds
                    |> Array.average

                max share (1. - share)
        ]

        Expect.isGreaterThan (List.max agreements) 0.9 "near"
        Expect.isLessThan (agreements |> List.take 3 |> List.max) 0.75 "not along the leading three"
