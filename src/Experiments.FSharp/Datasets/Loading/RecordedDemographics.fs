/// Groups of patients by the modality "demographics" of readers that know what its columns mean: age in years, sex (0 female, 1 male),
/// and what else the reader says. They are read off the cohort, so that they change neither it nor its content.
module CausalDebiasing.Bench.Datasets.RecordedDemographics

open System

let private modality = "demographics"

let private sex value =
    if value = 0f then "female"
    elif value = 1f then "male"
    else PatientGroups.unknown

/// Of indicators from a column on; rows of which none is 1 are of another group, or it is unknown.
let private indicated first (names: string list) (values: ReadOnlySpan<float32>) =
    let mutable found = "other or unknown"

    for i, name in Seq.indexed names do
        if values[first + i] = 1f then
            found <- name

    found

/// The cohort with groups by sex and age, and by the indicators of ethnicity that begin at a column of "demographics", if there are any.
/// Without that modality there are no groups.
let add (ethnicity: (int * string list) option) (loaded: LoadedCohort) =
    let cohort = loaded.Cohort

    match cohort.Modalities |> Seq.tryFindIndex (fun own -> own.Name = modality) with
    | None -> loaded
    | Some m ->
        let by kind name = {
            Kind = kind
            Names = Array.init cohort.Count name
        }

        // What a row does not observe is stored as zeros.
        let known row name =
            if cohort.IsObserved(row, m) then
                name ()
            else
                PatientGroups.unknown

        {
            loaded with
                Groups = [
                    by "sex" (fun row -> known row (fun () -> sex (cohort.Row(m, row)[1])))
                    by "age" (fun row ->
                        known row (fun () ->
                            PatientGroups.band PatientGroups.ageLimits (float (cohort.Row(m, row)[0]))))
                    match ethnicity with
                    | Some(first, names) ->
                        by "ethnicity" (fun row ->
                            known row (fun () -> indicated first names (cohort.Row(m, row))))
                    | None -> ()
                ]
        }
