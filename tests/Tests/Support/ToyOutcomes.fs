module CausalDebiasing.Tests.Support.ToyOutcomes

open CausalDebiasing.Cohorts
open Expecto

let rows (cohort: Cohort) = [ 0 .. cohort.Count - 1 ]

/// Rows whose values tell little of the outcome and whose patterns tell much.
let outcomeLinked =
    Toy.outcomeLinked {
        Toy.standard with
            Rows = 4000
            Shift = 0.2
    }

/// The weighted share of some rows that have the outcome.
let among (cohort: Cohort) (weight: int -> float) members =
    let positive = members |> List.filter (fun row -> cohort.Labels[row] > 0f)
    (positive |> List.sumBy weight) / (members |> List.sumBy weight)

/// That patterns tell the outcome, and no longer do under the weights.
let expectBalanced (cohort: Cohort) weight tolerance =
    for pattern in [ 0b111; 0b101 ] do
        let members = rows cohort |> List.filter (fun row -> cohort.Pattern row = pattern)
        let raw = among cohort (fun _ -> 1.0) members
        let balanced = among cohort weight members
        Expect.isGreaterThan (abs (raw - 0.5)) 0.15 "the pattern tells the outcome"
        Expect.isLessThan (abs (balanced - 0.5)) tolerance "and no longer does"
