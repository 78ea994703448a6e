namespace CausalDebiasing.Bench.Datasets

open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime

/// A split that the data themselves give.
type GivenSplit = {
    /// Per row of the cohort: 0 training, 1 validation, 2 test.
    Parts: int[]
    /// Name of the test condition: "id" (a column says which row is for testing) or "later" (the last in time).
    Condition: string
}

module DatasetSplit =
    /// Shares of patients for validation and for testing.
    let shares = 0.1, 0.2

    /// Training, validation and test rows among `rows`: as given, else 70/10/20 by patient with equal prevalence,
    /// as the seed decides.
    let ofRows (seed: Seed) given (cohort: Cohort) (rows: int[]) =
        match given with
        | None -> PatientSplit.Random(cohort.Select rows, fst shares, snd shares, seed)
        | Some { Parts = parts } ->
            let part number =
                cohort.Select(rows |> Array.filter (fun row -> parts[row] = number))

            PatientSplit(part 0, part 1, part 2)

    /// The split of all rows for a replicate of the data set of that name.
    let replicate (name: string) number given (cohort: Cohort) =
        ofRows (Seed(uint64 (number: int)).Derive name) given cohort [| 0 .. cohort.Count - 1 |]
