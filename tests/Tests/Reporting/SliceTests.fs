module CausalDebiasing.Tests.Reporting.SliceTests

open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Reporting
open CausalDebiasing.Tests.Support
open Expecto

let private observations =
    lazy (Observation.ofResults (SyntheticResults.run.Force()))

[<Tests>]
let tests =
    testList "Slice" [
        test "a slice varies its axis and nothing else" {
            for axis in Axis.all do
                for slice in Slice.along [ axis ] observations.Value do
                    let rest =
                        slice.Observations
                        |> List.map (fun o -> axis.Without o.Setting.Data)
                        |> List.distinct

                    Expect.hasLength rest 1 $"{slice.Experiment} over {axis.Name}"
                    Expect.isGreaterThan (Slice.values axis slice.Observations).Length 1 "values"
        }

        test "of a grid, the middle slice is drawn" {
            let slice =
                Slice.along [ Axis.confounding ] observations.Value
                |> List.find (fun slice -> slice.Experiment = "phase")

            Expect.equal slice.Data.MissingRate (Some 0.3) "missing rate"
        }

        test "only a grid gives a phase diagram" {
            let names =
                Slice.along [ Axis.confounding; Axis.missingRate ] observations.Value
                |> List.map _.Experiment

            Expect.equal names [ "phase" ] "experiments"
        }
    ]
