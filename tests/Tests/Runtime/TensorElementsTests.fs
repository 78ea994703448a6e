module CausalDebiasing.Tests.Runtime.TensorElementsTests

open System
open Expecto
open TorchSharp
open CausalDebiasing.Runtime

let private integers (tensor: torch.Tensor) = TensorElements.Elements<int64> tensor

[<Tests>]
let tests =
    testList "tensor elements" [
        testCase "come in row-major order, of views too"
        <| fun () ->
            use scope = torch.NewDisposeScope()
            let matrix = torch.arange(6).reshape(2L, 3L)
            Expect.equal (integers matrix) [| 0L; 1L; 2L; 3L; 4L; 5L |] "as they lie"
            Expect.equal (integers (matrix.t ())) [| 0L; 3L; 1L; 4L; 2L; 5L |] "transposed"
            Expect.equal (integers (matrix.select (1, 2))) [| 2L; 5L |] "a column"

        testCase "of another type are refused"
        <| fun () ->
            use scope = torch.NewDisposeScope()
            let refuse () = integers (torch.zeros 2L) |> ignore
            Expect.throwsT<ArgumentException> refuse "floats are no integers"
    ]
