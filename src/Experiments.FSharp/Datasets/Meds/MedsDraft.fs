namespace CausalDebiasing.Bench.Datasets

open System
open System.Collections.Generic
open System.Text.RegularExpressions

/// Modalities for a folder by looking at its codes; a person has to correct them.
module MedsDraft =
    let private birth = "MEDS_BIRTH"
    let private death = "MEDS_DEATH"
    let private separator = "//"

    /// Codes of fewer subjects are taken together.
    let private rare = 0.05

    /// Codes are measurements where at least this share of their events has a number.
    let private measured = 0.2

    let private most = 24

    /// What the code has in common with others: all up to the first //, or the whole code.
    let private start (code: MedsCode) =
        match code.Code.IndexOf(separator, StringComparison.Ordinal) with
        | -1 -> code.Code
        | at -> code.Code.Substring(0, at + separator.Length)

    let private name (start: string) =
        let plain = Regex.Replace(start.ToLowerInvariant(), "[^a-z0-9]+", "-").Trim '-'
        if plain = "" then "codes" else plain

    let private plain kind codes = {
        Codes = codes
        As = kind
        Most = None
        Hours = None
        Within = None
    }

    /// A modality per beginning of codes: numbers are summed up, other events are codes, birth gives the age. Beginnings that few
    /// subjects have are one modality together, and deaths are none.
    let modalities (codes: MedsCode[]) : (string * MedsModality) list =
        let groups =
            codes
            |> Array.filter (fun code -> code.Code <> birth && not (code.Code.StartsWith death))
            |> Array.groupBy start
            |> Array.map (fun (start, codes) ->
                let sum of' = codes |> Array.sumBy of'

                {
                    Code = start
                    Subjects = codes |> Array.map _.Subjects |> Array.max
                    Events = sum _.Events
                    Numbers = sum _.Numbers
                })
            |> Array.sortBy (fun group -> -group.Subjects, group.Code)

        let largest = if groups.Length = 0 then 0. else float groups[0].Subjects

        let frequent, few =
            groups |> Array.partition (fun group -> float group.Subjects >= rare * largest)

        let own, rest = frequent |> Array.splitAt (min most frequent.Length)
        let taken = HashSet<string>()

        let unique (name: string) =
            let mutable candidate = name
            let mutable number = 2

            while not (taken.Add candidate) do
                candidate <- $"{name}-{number}"
                number <- number + 1

            candidate

        [
            if codes |> Array.exists (fun code -> code.Code = birth) then
                unique "age", plain "years" [ birth ]
            for group in own do
                let isMeasured = float group.Numbers >= measured * float group.Events
                unique (name group.Code), plain (if isMeasured then "summary" else "codes") [ group.Code ]
            match [ for group in Array.append rest few -> group.Code ] with
            | [] -> ()
            | others -> unique "other", plain "codes" others
        ]
