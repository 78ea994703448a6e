module CausalDebiasing.Tests.Support.ToyConfounded

open System
open CausalDebiasing.Cohorts

/// A toy whose outcome is hard to see, with a confounder C imprinted on all features. Sites differ in P(C = y).
let draw strength imprint =
    let toy =
        Toy.cohort {
            Toy.standard with
                Rows = 3000
                Shift = 0.25
                Missing = 0.2
                Seed = 21
        }

    let random = Random 77

    let agreement = [|
        0.5 + 0.1 * strength
        0.5 + 0.25 * strength
        0.5 + 0.4 * strength
        0.5 + 0.45 * strength
    |]

    let confounder = [|
        for row in 0 .. toy.Count - 1 ->
            let agrees = random.NextDouble() < agreement[toy.Sites[row]]
            if agrees then toy.Labels[row] else 1f - toy.Labels[row]
    |]

    let direction = [| 1f; -1f; 0.5f; -0.5f; 1f |]

    let values = [|
        for m in 0..2 ->
            toy.Values(m).ToArray()
            |> Array.mapi (fun i value -> value + imprint * direction[i % 5] * (2f * confounder[i / 5] - 1f))
    |]

    toy.WithValues values, confounder
