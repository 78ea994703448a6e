module CausalDebiasing.Tests.Support.Batches

open CausalDebiasing.Cohorts
open TorchSharp

/// A float32 matrix.
let matrix (rows: float list list) =
    torch
        .tensor(
            [|
                for row in rows do
                    for value in row -> float32 value
            |]
        )
        .reshape(int64 rows.Length, int64 rows[0].Length)

/// Rows with the given mask; the values are taken as they are.
let rows (mask: float list list) (values: torch.Tensor list) =
    Batch(
        Values = List.toArray values,
        Mask = matrix mask,
        Patterns = [|
            for row in mask -> row |> List.mapi (fun m o -> if o > 0.5 then 1 <<< m else 0) |> List.sum
        |]
    )

/// The numbers of a tensor of any floating type, row-major.
let numbers (tensor: torch.Tensor) =
    tensor.detach().``to``(torch.float64).contiguous().data<double>().ToArray()

/// The same rows in training, with this generator and these outcomes.
let inTraining random (labels: float list) (batch: Batch) =
    Batch(
        Values = batch.Values,
        Mask = batch.Mask,
        Patterns = batch.Patterns,
        Labels = torch.tensor [| for y in labels -> float32 y |],
        Random = random
    )
