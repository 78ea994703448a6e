namespace CausalDebiasing.Bench.Datasets

open System
open System.Globalization
open System.Text.RegularExpressions

/// Durations as tasks write them: 24h, 30 days, 1 day 2 hours, 1 day, 14:20:16.
module AcesDuration =
    let private part =
        Regex(@"^\s*,?\s*(\d+(?:\.\d+)?)\s*([a-z]+)", RegexOptions.Compiled ||| RegexOptions.IgnoreCase)

    let private clock =
        Regex(@"^\s*,?\s*(\d{1,4}):(\d{2})(?::(\d{2}))?\s*$", RegexOptions.Compiled)

    let private unit (name: string) =
        match name.ToLowerInvariant() with
        | "w"
        | "wk"
        | "wks"
        | "week"
        | "weeks" -> Some 7.
        | "d"
        | "day"
        | "days" -> Some 1.
        | "h"
        | "hr"
        | "hrs"
        | "hour"
        | "hours" -> Some(1. / 24.)
        | "m"
        | "min"
        | "mins"
        | "minute"
        | "minutes" -> Some(1. / 1440.)
        | "s"
        | "sec"
        | "secs"
        | "second"
        | "seconds" -> Some(1. / 86400.)
        | _ -> None

    let private number (text: string) =
        Double.Parse(text, CultureInfo.InvariantCulture)

    /// The duration; None for other text.
    let tryParse (text: string) =
        let rec sum total (rest: string) =
            let time = clock.Match rest
            let found = part.Match rest

            if rest.Trim() = "" then
                Some total
            elif time.Success then
                let part (i: int) =
                    if time.Groups[i].Success then
                        number time.Groups[i].Value
                    else
                        0.

                Some(total + part 1 * 3600. + part 2 * 60. + part 3)
            elif found.Success then
                unit found.Groups[2].Value
                |> Option.bind (fun days ->
                    sum (total + number found.Groups[1].Value * days * 86400.) (rest.Substring found.Length))
            else
                None

        if text.Trim() = "" then
            None
        else
            sum 0. text |> Option.map TimeSpan.FromSeconds
