namespace CausalDebiasing.Bench.Datasets

open System.Globalization

/// What recorded rows can be told apart by beside site and missingness pattern, such as sex: for every row of a cohort the name of
/// its group. Names are of groups and never of a patient.
type PatientGroups = {
    /// "sex", "age", "ethnicity", or as a manifest names it.
    Kind: string
    /// One for each row of the cohort, in its order.
    Names: string[]
}

module PatientGroups =
    /// The group of rows of which it is not recorded.
    let unknown = "unknown"

    /// Limits of the bands of age, in years, of readers that know what a column means.
    let ageLimits = [ 50.; 65.; 80. ]

    let private number (value: float) =
        value.ToString("R", CultureInfo.InvariantCulture)

    /// The band of a number among ascending limits, each of which begins a band; `unknown` for NaN.
    let band (limits: float list) (value: float) =
        let above = limits |> List.filter (fun limit -> value >= limit)
        let below = limits |> List.filter (fun limit -> value < limit)

        match List.tryLast above, List.tryHead below with
        | _ when System.Double.IsNaN value -> unknown
        | None, Some first -> $"below {number first}"
        | Some low, Some high -> $"{number low} to below {number high}"
        | Some last, None -> $"{number last} or above"
        | None, None -> "all"

    /// The groups of the rows with these numbers.
    let select (rows: int[]) (groups: PatientGroups) : PatientGroups = {
        groups with
            Names = rows |> Array.map (fun row -> groups.Names[row])
    }
