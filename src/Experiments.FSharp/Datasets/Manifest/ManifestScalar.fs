namespace CausalDebiasing.Bench.Datasets

open System
open System.Collections.Generic

/// A column of numbers, or of levels that become indicators.
type ManifestScalar
    (file: string, column: string, missing: MissingCodes, decimalMark: char, spec: ManifestColumn) =
    inherit ManifestFeature()
    let declared = spec.Levels |> Option.map (List.map CodeText.canonical)
    let isCategorical = declared.IsSome || spec.Categorical = Some true
    let levels = List<string>(declared |> Option.defaultValue [])
    let indices = Dictionary<string, int>()
    do levels |> Seq.iteri (fun i level -> indices[level] <- i)
    /// The number, or the index of the level; NaN where missing.
    let values = List<float32>()

    let refuseLevel place =
        TableError.refuseCell
            place.File
            place.Row
            column
            "the code is none of the column's levels"
            $"add it to 'levels' or 'missing' in {file}, or set 'unknown' to missing"

    let level place (text: string) =
        let code = CodeText.canonical text

        match indices.TryGetValue code, declared, spec.Unknown with
        | (true, index), _, _ -> float32 index
        | _, Some _, Some "missing" -> nanf
        | _, Some _, _ -> refuseLevel place
        | _, None, _ ->
            indices[code] <- levels.Count
            levels.Add code
            float32 (levels.Count - 1)

    let size (code: string) =
        match ManifestCells.tryNumber decimalMark code with
        | Some number when Double.IsFinite number -> number
        | _ -> Double.PositiveInfinity

    /// Numbers by size, then text by alphabet.
    let order a b =
        match compare (size a) (size b) with
        | 0 -> String.CompareOrdinal(a, b)
        | bySize -> bySize

    let columnOfLevel =
        lazy
            (let sorted =
                if declared.IsSome then
                    Array.ofSeq levels
                else
                    levels |> Seq.sortWith order |> Array.ofSeq

             [| for code in levels -> Array.IndexOf(sorted, code) |])

    override _.Add(place, cell) =
        values.Add(
            if isCategorical then
                match missing.Known cell with
                | None -> nanf
                | Some text -> level place text
            else
                match missing.KnownNumber(decimalMark, cell) with
                | None -> nanf
                | Some text -> ManifestCells.number place decimalMark text
        )

    override _.IsObserved row = not (Single.IsNaN values[row])

    override _.Width = if isCategorical then levels.Count else 1

    override this.Features row =
        if not isCategorical then
            [| values[row] |]
        elif this.IsObserved row then
            let hot = columnOfLevel.Value[int values[row]]
            Array.init levels.Count (fun i -> if i = hot then 1f else 0f)
        else
            Array.create levels.Count nanf
