module CausalDebiasing.Tests.Baselines.SmilTests

open CausalDebiasing.Baselines
open CausalDebiasing.Tests.Support.Tensors
open Expecto
open FsCheck
open TorchSharp

let private squared a b =
    List.map2 (fun x y -> (x - y) ** 2.0) a b |> List.sum

/// One iteration of Lloyd's algorithm by the book.
let private lloyd points centroids =
    let nearest point =
        [ 0 .. List.length centroids - 1 ]
        |> List.minBy (fun c -> squared point centroids[c])

    centroids
    |> List.mapi (fun c old ->
        match points |> List.filter (fun point -> nearest point = c) with
        | [] -> old
        | own -> List.init (List.length old) (fun k -> own |> List.averageBy (fun point -> point[k])))

[<Tests>]
let tests =
    testSequenced
    <| testList "SMIL" [
        test "a missing modality is the weighted mean of its centroids" {
            use _ = torch.NewDisposeScope()
            // One patient, two modalities, two centroids of width 2.
            let weights = float32s [ 1; 2; 2 ] [ 1; 3; 2; 2 ]
            let centroids = float32s [ 2; 2; 2 ] [ 0; 0; 4; 8; 1; 1; 3; 5 ]
            close (values (Smil.Mix(weights, centroids))) [ 3; 6; 2; 3 ] "mixture"
        }

        testProperty "the mixture stays within the centroids' range and does not depend on the weights' scale"
        <| fun (NonNegativeInt seed) ->
            use _ = torch.NewDisposeScope()
            let positive = numbers seed 10 |> List.map exp
            let points = numbers (seed + 1) 10
            let centroids = float32s [ 1; 10; 1 ] points

            let mix scale =
                values (Smil.Mix(float32s [ 1; 1; 10 ] [ for w in positive -> scale * w ], centroids))

            close (mix 7.0) (mix 1.0) "scale"

            Expect.isTrue
                (mix 1.0 |> List.forall (fun x -> x >= List.min points && x <= List.max points))
                "hull"

        testProperty "k-means repeats assignment and update"
        <| fun (NonNegativeInt seed) ->
            use _ = torch.NewDisposeScope()
            let n, k, d = 12, 3, 2
            let points = numbers seed (n * d)
            let rows = List.chunkBySize d points

            let expected =
                [ 1..4 ]
                |> List.fold (fun centroids _ -> lloyd rows centroids) (List.take k rows)

            let start = float32s [ k; d ] (List.take (k * d) points)

            close
                (values (KMeans.Lloyd(float32s [ n; d ] points, start, 4)))
                (List.concat expected)
                "centroids"

        test "the inner step descends, and its own gradient passes unchanged" {
            use _ = torch.NewDisposeScope()
            let weight = (float32s [ 2 ] [ 1; 2 ]).requires_grad_ true
            let bias = (float32s [ 1 ] [ 3 ]).requires_grad_ true
            let loss = weight.square().sum() + 2.0f.ToScalar() * bias.sum ()
            let struct (lower, lowerBias) = Smil.Descend(loss, weight, bias, 0.1)
            close (values (lower.detach ())) [ 0.8; 1.6 ] "w - 0.1 * 2 w"
            close (values (lowerBias.detach ())) [ 2.8 ] "b - 0.1 * 2"
            lower.sum().backward()
            close (values (nonNull weight.grad)) [ 1; 1 ] "first order"
        }

        test "k-means finds separated clusters and leaves a centroid without points alone" {
            use _ = torch.NewDisposeScope()
            let points = float32s [ 6; 1 ] [ 0; 1; 2; 10; 11; 12 ]
            let start = float32s [ 3; 1 ] [ 0; 1; 99 ]
            close (values (KMeans.Lloyd(points, start, 10))) [ 1; 11; 99 ] "centroids"
        }
    ]
