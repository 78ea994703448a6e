/// Values of options, checked before Argu reads them: it takes "1,5" as 15, and an empty text as a folder.
module CausalDebiasing.Bench.Cli.ArgumentValues

open System
open System.Globalization
open Argu
open CausalDebiasing.Runtime
open Microsoft.FSharp.Reflection

type private Kind =
    | Number
    | Whole
    | Text

let private kindOf (field: Type) =
    let value =
        if field.IsGenericType then
            field.GetGenericArguments()[0]
        else
            field

    if value = typeof<float> then Number
    elif value = typeof<int> then Whole
    else Text

/// Kinds of the options that take values, by their names on the command line.
let private kinds (parser: ArgumentParser<'argument>) =
    let names = parser.GetArgumentCases() |> List.map _.CommandLineNames.Value

    Map [
        for case in FSharpType.GetUnionCases typeof<'argument> do
            let main = "--" + case.Name.ToLowerInvariant().Replace('_', '-')

            for field in Array.truncate 1 (case.GetFields()) do
                for name in names |> List.filter (List.contains main) |> List.concat do
                    name, (kindOf field.PropertyType, field.PropertyType.IsGenericType)
    ]

let private isNumber (text: string) =
    fst (Double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture))

let private isWhole (text: string) =
    fst (Int32.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))

let private checkOne verb option kind (value: string) =
    let refuse what =
        raise (InputException $"{option} '{value}' is {what}; 'help {verb}' lists the options.")

    match kind with
    | Number when not (isNumber value) ->
        refuse "no number: write it with a point, such as 0.5, and several apart by blanks"
    | Whole when not (isWhole value) ->
        refuse "no whole number: write digits alone, and several apart by blanks"
    | Text when String.IsNullOrWhiteSpace value && option <> "--data-root" ->
        refuse "empty: give a value, or leave the option out"
    | _ -> ()

/// Raises InputException for a value that is no number where one is needed, and for an empty text.
let check (parser: ArgumentParser<'argument>) verb (arguments: string list) =
    let kinds = kinds parser

    let rec walk current arguments =
        match current, arguments with
        | _, [] -> ()
        | _, (option: string) :: rest when kinds.ContainsKey option -> walk (Some option) rest
        | _, option :: rest when option.StartsWith("--", StringComparison.Ordinal) -> walk None rest
        | Some option, value :: rest ->
            let kind, isMany = kinds[option]
            checkOne verb option kind value
            walk (if isMany then current else None) rest
        | None, _ :: rest -> walk None rest

    walk None arguments
