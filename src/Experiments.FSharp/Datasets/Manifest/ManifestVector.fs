namespace CausalDebiasing.Bench.Datasets

open System.Collections.Generic

/// A column of vectors of one length, such as embeddings.
type ManifestVector(missing: MissingCodes, length: int) =
    inherit ManifestFeature()
    let vectors = List<float32[] option>()
    let absent = Array.create length nanf

    override _.Add(place, cell) =
        vectors.Add(missing.Known cell |> Option.map (VectorCell.read place length))

    override _.IsObserved row = vectors[row].IsSome
    override _.Width = length
    override _.Features row = Option.defaultValue absent vectors[row]
