namespace CausalDebiasing.Bench.Worlds

/// How a column of a Hospital world is recorded, given z: what the patient's state makes of it, plus a standard normal.
type ColumnLaw =
    /// location + spread z, rounded to multiples of a step, and cut at the ends of what a device shows.
    | Measured of location: float * spread: float * step: float * lowest: float * highest: float
    /// median exp(spread z), with all digits.
    | Laboratory of median: float * spread: float
    /// 1 with probability sigmoid(logit share + state), else 0; no normal.
    | Flag of share: float
    /// Poisson with mean exp(log mean + state); no normal.
    | Count of mean: float
    /// How many of the limits are below z.
    | Level of limits: float[]
    /// The same as one 0/1 column for each of the levels.
    | OneHot of limits: float[]
    /// One 0/1 column for each of the groups that the world's patients fall into.
    | Group of count: int

/// A column of the table, or the 0/1 columns of one category.
type HospitalColumn = {
    Name: string
    Law: ColumnLaw
    /// Latent states and their weights in it.
    Loads: (int * float) list
}

/// What is taken together, or not at all.
type HospitalModality = {
    Name: string
    Columns: HospitalColumn[]
    /// Logit of how often it is missing, up to what all have in common.
    Rarity: float
}

module HospitalColumn =
    /// How many columns of the table it takes.
    let width column =
        match column.Law with
        | OneHot limits -> limits.Length + 1
        | Group count -> count
        | _ -> 1

    /// Whether it shows z, by and large.
    let isNumeric column =
        match column.Law with
        | Measured _
        | Laboratory _ -> true
        | _ -> false

    /// The numbers of a table's row for a code (the value itself, or the category's number).
    let encode column code =
        match column.Law with
        | OneHot _
        | Group _ -> Array.init (width column) (fun j -> if float j = code then 1. else 0.)
        | _ -> [| code |]

    /// The code of a table's row, whose numbers for this column start at `first`.
    let decode column (row: System.ReadOnlySpan<float32>) first =
        match column.Law with
        | OneHot _
        | Group _ -> float (row.Slice(first, width column).ToArray() |> Array.findIndex ((=) 1f))
        | _ -> float row[first]
