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

    /// The parts for a fold of a repeated cross-validation: number n, from 1, is fold (n - 1) mod K of repeat
    /// (n - 1) div K. Folds are by patient with equal prevalence and partition the patients of a repeat; the validation rows,
    /// the usual share of all patients, are cut from the other folds. It depends on the data set's name, K and n only.
    /// Raises InputException for a number below 1 and for more folds than patients with or without the event.
    let ofFold (name: string) folds number (cohort: Cohort) =
        if number < 1 then
            raise (
                InputException
                    $"Data set '{name}': the seed says which fold is tested, and {number} is none; give 1 or more."
            )

        let repeat, fold = (number - 1) / folds, (number - 1) % folds
        let seed = Seed(uint64 repeat).Derive(name).Derive("folds", folds)

        let tested, others =
            PatientFolds.Assign(cohort, folds, seed)
            |> Array.indexed
            |> Array.partition (fun (_, of') -> of' = fold)

        let select rows = cohort.Select(Array.map fst rows)
        let validation = fst shares / (1. - 1. / float folds)

        let rest =
            PatientSplit.Random(select others, validation, 0., seed.Derive("validation", fold))

        PatientSplit(rest.Train, rest.Validation, select tested)
