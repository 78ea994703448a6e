module CausalDebiasing.Tests.Datasets.CohortAssemblyTests

open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Cohorts

let private cohort (mask: bool[]) =
    Cohort(
        [| Modality.Tabular("a", 1); Modality.Tabular("b", 1) |],
        [| [| 1f; 2f |]; [| 3f; 4f |] |],
        mask,
        [| 0f; 1f |],
        [| 0; 0 |],
        [| "only" |],
        [| 0L; 1L |]
    )

[<Tests>]
let tests =
    testList "cohort assembly" [
        testCase "patients are numbered in ordinal order of their names, whatever the order of rows"
        <| fun () ->
            Expect.equal
                (CohortAssembly.patientNumbers [| "b"; "B"; "a"; "10"; "b"; "9" |])
                [| 4L; 2L; 3L; 0L; 4L; 1L |]
                "numbers"

            Expect.equal (CohortAssembly.distinctNames [| "z"; "Z"; "z" |]) [| "Z"; "z" |] "names"

        testCase "both outcomes means one row of each"
        <| fun () ->
            for labels, expected in
                [ [| 0f; 1f; 0f |], true; [| 1f; 1f |], false; [| 0f |], false; [||], false ] do
                Expect.equal (CohortAssembly.hasBothOutcomes labels) expected $"{labels}"

        testCase "the first modality that no row has is found"
        <| fun () ->
            let found mask =
                CohortAssembly.tryNeverObserved (cohort mask) |> Option.map _.Name

            Expect.equal (found [| true; false; false; true |]) None "each once"
            Expect.equal (found [| true; false; true; false |]) (Some "b") "the second"
            Expect.equal (found [| false; true; false; true |]) (Some "a") "the first"
    ]
