namespace CausalDebiasing.Bench.Datasets

open System
open System.Collections.Generic

/// A first description of a folder of OMOP, by looking at its tables; a person has to correct it.
module OmopDraft =
    /// Kinds of visits that are named.
    let private most = 12

    let private kinds (session: DuckSession) = [
        let found = List<string>()

        session.Visit
            $"""
            SELECT v.kind, any_value(c.name), count(*), v.kind IN (SELECT kind FROM kinds)
            FROM visits v LEFT JOIN concepts c ON v.kind = c.concept
            GROUP BY v.kind ORDER BY count(*) DESC, v.kind LIMIT {most}"""
            (fun reader ->
                let name = if reader.IsDBNull 1 then "" else " " + reader.GetString 1
                let rows = reader.GetInt64 2

                let shown =
                    if rows < int64 CohortCard.smallestCell then
                        $"fewer than {CohortCard.smallestCell}"
                    else
                        string rows

                let mark = if reader.GetBoolean 3 then ", a stay" else ""
                found.Add $"{reader.GetInt64 0}{name} ({shown}{mark})")

        yield! found
    ]

    let private sites (session: DuckSession) =
        let mutable count = 0L
        session.Visit "SELECT count(*) FROM sites" (fun reader -> count <- reader.GetInt64 0)
        count

    /// A first description of the folder, and lines on what was guessed or must be asked; `outcome` is a file of labels, a task, death
    /// or readmission. None where the folder holds no tables of OMOP. Raises InputException for tables that are malformed.
    let tryDraft (path: string) (outcome: string option) : (OmopDescription * string list) option =
        OmopFolder.tryOpen path
        |> Option.map (fun folder ->
            let isTask (file: string) =
                file.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase)
                || file.EndsWith(".yml", StringComparison.OrdinalIgnoreCase)

            let isWord word =
                List.contains word OmopDescription.outcomes

            let description = {
                OmopDescription.ofFolder path with
                    Outcome = outcome |> Option.filter (fun given -> isWord given)
                    Task = outcome |> Option.filter isTask
                    Labels = outcome |> Option.filter (fun given -> not (isTask given || isWord given))
            }

            let isOfStays =
                match OmopDescription.goal description with
                | OfStays _ -> true
                | _ -> false

            let modalities = OrderedDictionary<string, MedsModality>()

            for name, modality in OmopDescription.modalities folder description do
                modalities.Add(name, modality)

            use session = new DuckSession()
            OmopRecords.create session folder (OmopDescription.kinds description)
            OmopRecords.createConcepts session folder

            let description =
                if isOfStays then
                    {
                        description with
                            Outcome = Some(Option.defaultValue "death" description.Outcome)
                            Hour = Some(OmopDescription.hour description)
                            Visits = Some(OmopDescription.kinds description)
                            Modalities = Some modalities
                    }
                else
                    {
                        description with
                            Modalities = Some modalities
                    }

            description,
            [
                $"OMOP CDM {OmopRecords.version folder}."
                $"""Visits: {String.concat "; " (kinds session)}."""
                $"Sites: {sites session} care sites of visits."
                match OmopDescription.goal description with
                | OfStays StayDeath -> "Outcome: death in hospital, of the visits that are stays."
                | OfStays StayReadmission ->
                    "Outcome: another stay within 15 days, of the visits that are stays."
                | OfLabels file
                | OfTask file -> $"Outcome: {file}."
                if isOfStays then
                    "Question: which visits are stays? Name their concepts under 'visits'."
                "Modalities: one for each table of events; 'codes' and 'within' narrow them down."
            ])
