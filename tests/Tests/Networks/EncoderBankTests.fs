module CausalDebiasing.Tests.Networks.EncoderBankTests

open Expecto
open TorchSharp
open CausalDebiasing.Cohorts
open CausalDebiasing.Networks.Encoders
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.Tensors

let private width = 4

/// The same encoders in a bank of all modalities and in banks of one, on the same rows: [row][modality * width].
let private sideBySideAndAlone (modalities: Modality list) =
    use _ = torch.NewDisposeScope()
    let rows, count = 6, modalities.Length

    let seen = [
        for row in 0 .. rows - 1 ->
            [
                for m in 0 .. count - 1 -> if (row + m) % 3 = 0 && m <> row % count then 0. else 1.
            ]
    ]

    let values = [
        for m, modality in List.indexed modalities ->
            Batches.matrix (List.chunkBySize modality.Width (numbers m (rows * modality.Width)))
    ]

    use random = generator 5
    use bank = new EncoderBank(List.toArray modalities, width, random)
    use again = generator 5

    let alone = [
        for m, modality in List.indexed modalities do
            use single = new EncoderBank([| modality |], width, again)
            single.Encode(Batches.rows [ for row in seen -> [ row[m] ] ] [ values[m] ])
    ]

    let together = bank.Encode(Batches.rows seen values)
    Expect.equal (List.ofArray together.shape) [ int64 rows; int64 count; int64 width ] "shape"
    Tensors.values together, Tensors.values (torch.cat (List.toArray alone, 1L))

[<Tests>]
let tests =
    testSequenced
    <| testList "encoder bank" [
        for title, widths in
            [
                "modalities of one width", [ 3; 3; 3 ]
                "some of one width", [ 3; 2; 3; 5 ]
                "two groups of one width each", [ 2; 3; 3; 2 ]
                "one modality", [ 3 ]
            ] do
            testCase $"{title}: as by encoders that stand alone and are drawn one after the other"
            <| fun () ->
                let together, alone =
                    sideBySideAndAlone [
                        for i, width in List.indexed widths -> Modality.Tabular($"m{i}", width)
                    ]

                close together alone "vectors"
    ]
