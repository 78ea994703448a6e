/// What recorded data say of the patients of kept predictions, such as their sex. It stays with the data: predictions do not carry it.
module CausalDebiasing.Bench.Evidence.RecordedGroups

open System.Collections.Concurrent
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Results

/// For each kind of group of a data set the groups of the rows of a test, in their order; none where the data are others than those
/// that were predicted for. Data are divided once for all tests of a spec.
let ofTest (loaded: LoadedCohort) division =
    let divided = ConcurrentDictionary<DataSpec, (string * int[]) list>()

    fun (data: DataSpec) (test: TestPredictions) ->
        if loaded.Groups.IsEmpty then
            []
        else
            divided.GetOrAdd(data, DatasetStudy.testRows loaded division)
            |> List.tryFind (fst >> (=) test.Condition)
            |> Option.map snd
            |> Option.filter (fun rows ->
                rows
                |> Array.map (fun row -> loaded.Cohort.Patients[row])
                |> TestPredictions.keys data loaded.ContentHash
                |> (=) test.Patients)
            |> Option.map (fun rows -> [
                for groups in loaded.Groups -> groups.Kind, (PatientGroups.select rows groups).Names
            ])
            |> Option.defaultValue []
