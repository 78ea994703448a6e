namespace CausalDebiasing.Bench.Datasets

open System
open System.Collections.Generic
open System.IO
open System.Text.Json
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime

/// Where a row's site comes from: the last value of a column by the prediction time, or the rest of the last code that begins
/// with `code`.
type MedsSite = {
    Column: string option
    Code: string option
}

/// A modality of events whose codes begin with one of `codes`.
type MedsModality = {
    Codes: string list
    /// "codes" (which ones occurred), "summary" (numbers: count, last, least and greatest), "hourly" (numbers by the hour
    /// before prediction), or "years" (since the first such event).
    As: string
    /// Of numbers: how many different codes, those of most subjects; 32 if not given.
    Most: int option
    /// Hours of a series; 48 if not given.
    Hours: int option
    /// Hours before prediction from which on dated events count; from the first event on if not given.
    Within: int option
}

/// How a folder in the Medical Event Data Standard becomes a cohort. Written as JSON by users.
type MedsDescription = {
    /// Names the data set in results.
    Name: string
    Title: string option
    Licence: string option
    /// The folder; looked for beside the description, then under the data root.
    Meds: string
    /// Folder or file with the events, within the folder; "data" if not given.
    Events: string option
    /// Names of columns that differ from the standard's, such as "numeric_value": "value".
    Columns: Map<string, string> option
    /// File or folder of labels (subject_id, prediction_time, boolean_value), looked for beside the description and in the folder.
    Labels: string option
    /// Task file of ACES, in place of labels; looked for likewise.
    Task: string option
    /// "given" (by metadata/subject_splits.parquet where it is there, the default) or "random" (by patient).
    Split: string option
    Site: MedsSite option
    /// In order; drafted from the codes that are there if not given.
    Modalities: OrderedDictionary<string, MedsModality> option
}

module MedsDescription =
    let mostHours = 24 * 31
    let mostItems = 512
    let longestWindow = 24 * 366 * 100
    let kinds = [ "codes"; "summary"; "hourly"; "years" ]

    let private refuse (where: string) problem remedy =
        raise (InputException $"{where}: {problem}; {remedy}.")

    let private checkModality where name (modality: MedsModality) =
        if isNull (box modality.Codes) || modality.Codes.IsEmpty then
            refuse
                where
                $"modality '{name}' has no 'codes'"
                "name what its codes begin with, such as [\"LAB//\"]"

        if not (List.contains modality.As kinds) then
            let known = String.concat ", " kinds
            refuse where $"'as' of modality '{name}' is none of its words" $"write one of {known}"

        for property, value, most in
            [
                "most", modality.Most, mostItems
                "hours", modality.Hours, mostHours
                "within", modality.Within, longestWindow
            ] do
            match value with
            | Some value when value < 1 || value > most ->
                refuse where $"'{property}' of modality '{name}' is {value}" $"give 1 to {most}"
            | _ -> ()

    /// Raises InputException for modalities that cannot be; `where` is the description.
    let checkModalities where (modalities: OrderedDictionary<string, MedsModality>) =
        if modalities.Count = 0 || modalities.Count > Cohort.MaxModalities then
            refuse where $"there are {modalities.Count} modalities" $"give 1 to {Cohort.MaxModalities}"

        for pair in modalities do
            checkModality where pair.Key pair.Value

    let private check where (description: MedsDescription) =
        HandwrittenJson.requirePresent where [ "name", box description.Name; "meds", box description.Meds ]
        FileName.check where description.Name
        HandwrittenJson.requireWord where "split" [ "given"; "random" ] description.Split

        match description.Site with
        | Some { Column = Some _; Code = Some _ }
        | Some { Column = None; Code = None } ->
            refuse where "'site' does not say one thing" "name a 'column', or what a 'code' begins with"
        | _ -> ()

        HandwrittenJson.requireOneGoal where description.Labels description.Task
        Option.iter (checkModalities where) description.Modalities
        description

    /// Of the folder as the standard has it, named by it.
    let ofFolder (folder: string) : MedsDescription = {
        Name = FileName.ofFolder "meds" folder
        Title = None
        Licence = None
        Meds = folder
        Events = None
        Columns = None
        Labels = None
        Task = None
        Split = None
        Site = None
        Modalities = None
    }

    /// Indented JSON.
    let write (description: MedsDescription) =
        JsonSerializer.Serialize(description, JsonDialect.handwritten) + "\n"

    /// Reads the JSON; `where` is the file in messages. Raises InputException when it is not JSON, has a property that does not
    /// exist or lacks one that must, or contradicts itself.
    let parse (where: string) (text: string) : MedsDescription =
        HandwrittenJson.read where "description" text |> check where

    /// Whether the file is JSON with the property `meds`.
    let isIn = HandwrittenJson.hasProperty "meds"
