namespace CausalDebiasing.Bench.Datasets

open System.Collections.Generic
open System.IO
open System.Text.Json
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Runtime

/// How a folder of OMOP becomes a cohort. Written as JSON by users.
type OmopDescription = {
    /// Names the data set in results.
    Name: string
    Title: string option
    Licence: string option
    /// The folder; looked for beside the description, then under the data root.
    Omop: string
    /// "death" in hospital (if not given) or "readmission".
    Outcome: string option
    /// Hours from admission to prediction; 24 if not given.
    Hour: int option
    /// Concepts of the visits that are stays; those of inpatient visits if not given.
    Visits: int64 list option
    /// File or folder of labels in place of stays, looked for beside the description and in the folder.
    Labels: string option
    /// Task file of ACES in place of stays; looked for likewise.
    Task: string option
    /// "random" (by patient, if not given) or "time" (the latest fifth of the stays is tested).
    Split: string option
    /// In order; one for each table that is there if not given.
    Modalities: OrderedDictionary<string, MedsModality> option
}

/// What is predicted.
type OmopGoal =
    | OfStays of OmopOutcome
    | OfLabels of string
    | OfTask of string

module OmopDescription =
    let private defaultHour, private longestHour = 24, 240

    /// Numbers of measurements that are kept.
    let private mostMeasurements = 64

    /// Hours before admission, such as those in an emergency department, that count as of the stay.
    let private before = 24

    /// Words for what is predicted of stays.
    let outcomes = [ "death"; "readmission" ]

    let private refuse (where: string) problem remedy =
        raise (InputException $"{where}: {problem}; {remedy}.")

    let hour description =
        Option.defaultValue defaultHour description.Hour

    let kinds description =
        Option.defaultValue OmopConcepts.inpatient description.Visits

    let inTime description = description.Split = Some "time"

    let goal description =
        match description with
        | { Task = Some task } -> OfTask task
        | { Labels = Some labels } -> OfLabels labels
        | { Outcome = Some "readmission" } -> OfStays StayReadmission
        | _ -> OfStays StayDeath

    /// Raises InputException for a description that contradicts itself.
    let check where (description: OmopDescription) =
        HandwrittenJson.requirePresent where [ "name", box description.Name; "omop", box description.Omop ]
        HandwrittenJson.requireOneGoal where description.Labels description.Task

        match goal description with
        | OfStays _ -> ()
        | _ when
            description.Outcome.IsSome
            || description.Hour.IsSome
            || description.Split.IsSome
            ->
            refuse
                where
                "labels or a task say what is predicted and when, and 'outcome', 'hour' or 'split' do, too"
                "remove either"
        | _ -> ()

        HandwrittenJson.requireWord where "outcome" outcomes description.Outcome
        HandwrittenJson.requireWord where "split" [ "random"; "time" ] description.Split

        match description.Hour with
        | Some hour when hour < 1 || hour > longestHour ->
            refuse where $"'hour' is {hour}" $"give 1 to {longestHour}"
        | _ -> ()

        if description.Visits = Some [] then
            refuse where "'visits' names no kind of visit" "name concepts, such as [9201, 262], or remove it"

        Option.iter (MedsDescription.checkModalities where) description.Modalities
        description

    /// Death in hospital in the folder, named by it.
    let ofFolder (folder: string) : OmopDescription = {
        Name = FileName.ofFolder "omop" folder
        Title = None
        Licence = None
        Omop = folder
        Outcome = None
        Hour = None
        Visits = None
        Labels = None
        Task = None
        Split = None
        Modalities = None
    }

    /// Indented JSON.
    let write (description: OmopDescription) =
        JsonSerializer.Serialize(description, JsonDialect.handwritten) + "\n"

    /// Reads the JSON; `where` is the file in messages. Raises InputException when it is not JSON, has a property that does not
    /// exist or lacks one that must, or contradicts itself.
    let parse (where: string) (text: string) : OmopDescription =
        let description: OmopDescription = HandwrittenJson.read where "description" text
        let description = check where description
        FileName.check where description.Name
        description

    /// Whether the file is JSON with the property `omop`.
    let isIn = HandwrittenJson.hasProperty "omop"

    let private modality kind codes within : MedsModality = {
        Codes = codes
        As = kind
        Most = if kind = "summary" then Some mostMeasurements else None
        Hours = None
        Within = within
    }

    /// A modality for each table of events that is there. Of a stay, conditions count from the first on and others from a day before
    /// admission on; without one all that is past counts, and age, sex and visits are modalities, too.
    let private drafted (folder: OmopFolder) description : (string * MedsModality) list =
        let within =
            match goal description with
            | OfStays _ -> Some(hour description + before)
            | _ -> None

        [
            if within.IsNone then
                "age", modality "years" [ OmopEvents.birth ] None
                "person", modality "codes" [ "GENDER//"; "RACE//"; "ETHNICITY//" ] None
                "visits", modality "codes" [ "VISIT_START//" ] None
            for table, name, start in OmopEvents.tables do
                if folder.Entries.ContainsKey table then
                    match table with
                    | "measurement" -> name, modality "summary" [ start ] within
                    | "condition_occurrence" -> name, modality "codes" [ start ] None
                    | _ -> name, modality "codes" [ start ] within
        ]

    /// The modalities, drafted from the tables of the folder where none are given.
    let modalities folder description : (string * MedsModality) list =
        match description.Modalities with
        | Some given -> [ for pair in given -> pair.Key, pair.Value ]
        | None -> drafted folder description
