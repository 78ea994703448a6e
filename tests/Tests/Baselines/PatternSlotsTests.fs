module CausalDebiasing.Tests.Baselines.PatternSlotsTests

open System.Numerics
open System.Diagnostics
open CausalDebiasing.Baselines.Shared
open CausalDebiasing.Cohorts
open CausalDebiasing.Networks
open CausalDebiasing.Predictors
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.Support.Tensors
open Expecto
open TorchSharp

let private places modalities =
    use _ = torch.NewDisposeScope()

    let cohort =
        Toy.cohort {
            Toy.standard with
                Modalities = Toy.tabular modalities
        }

    use tensors = new TensorCohort(cohort, true)
    use slots = new PatternSlots(modalities)
    slots.Fit(TrainingRows(tensors, FitContext(Seed = Toy.seed 1), Stopwatch()))
    let all = [| 1 .. (1 <<< modalities) - 1 |]
    cohort, slots.Count, Map(Seq.zip all (values (slots.IndexOf all) |> Seq.map int))

[<Tests>]
let tests =
    Trained.tests "pattern slots" [
        test "up to four modalities give every observed pattern a place of its own" {
            let cohort, count, place = places 3
            let seen = List.distinct [ for row in 0 .. cohort.Count - 1 -> cohort.Pattern row ]
            Expect.equal count 7 "places"

            Expect.hasLength
                (seen |> List.map (fun pattern -> place[pattern]) |> List.distinct)
                seen.Length
                "distinct"

            Expect.equal place[7] 0 "complete"
        }

        test "with more, rare patterns share the place of the nearest frequent one" {
            let cohort, count, place = places 6
            let complete = 63

            let frequent =
                [ for row in 0 .. cohort.Count - 1 -> cohort.Pattern row ]
                |> List.countBy id
                |> List.filter (fun (pattern, _) -> pattern <> complete)
                |> List.sortBy (fun (pattern, rows) -> -rows, pattern)
                |> List.map fst
                |> List.take 15

            let kept = complete :: frequent
            Expect.equal count 16 "places"

            for pattern in 1..complete do
                let nearest =
                    kept
                    |> List.minBy (fun other -> BitOperations.PopCount(uint32 (other ^^^ pattern)))

                Expect.equal place[pattern] (List.findIndex ((=) nearest) kept) "nearest"
        }
    ]
