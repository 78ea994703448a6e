/// Time limits in Slurm's notation.
module CausalDebiasing.Bench.Running.Slurm.SlurmTime

open System
open System.Text.RegularExpressions
open CausalDebiasing.Runtime

let private forms = [
    Regex @"^(?<minutes>\d{1,7})$"
    Regex @"^(?<minutes>\d{1,7}):(?<seconds>\d{1,2})$"
    Regex @"^(?<hours>\d{1,5}):(?<minutes>\d{1,2}):(?<seconds>\d{1,2})$"
    Regex @"^(?<days>\d{1,4})-(?<hours>\d{1,2})(:(?<minutes>\d{1,2})(:(?<seconds>\d{1,2}))?)?$"
]

let private duration (found: Match) =
    let number (name: string) =
        let part = found.Groups[name]
        if part.Success then int part.Value else 0

    TimeSpan(number "days", number "hours", number "minutes", number "seconds")

/// A limit of an option. Raises InputException naming the option where it is none, or no limit at all.
let parse option (text: string) =
    let limit =
        forms
        |> List.map _.Match(text)
        |> List.tryFind _.Success
        |> Option.map duration
        |> Option.filter (fun limit -> limit > TimeSpan.Zero)

    match limit with
    | Some limit -> limit
    | None ->
        raise (
            InputException
                $"{option} '{text}' is no time limit: give minutes (90), hours (1:30:00) or days (2-12:00:00), above 0."
        )

/// As sbatch reads it.
let render (limit: TimeSpan) =
    $"{limit.Days}-{limit.Hours:D2}:{limit.Minutes:D2}:{limit.Seconds:D2}"
