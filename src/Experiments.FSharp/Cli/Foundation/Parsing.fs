/// Argu, with a mistake as one line that suggests what may have been meant.
module CausalDebiasing.Bench.Cli.Parsing

open System
open Argu
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running
open CausalDebiasing.Runtime

let program = "build.fsx"

let parser<'argument when 'argument :> IArgParserTemplate> verb =
    ArgumentParser.Create<'argument>($"{program} {verb}", errorHandler = ExceptionExiter())

let private quoted (message: string) =
    match message.Split '\'' with
    | [| _; word; _ |] -> Some word
    | _ -> None

let private options (parser: ArgumentParser<'argument>) =
    parser.GetArgumentCases() |> List.collect _.CommandLineNames.Value

let private explain (parser: ArgumentParser<'argument>) verb (failure: ArguParseException) =
    let firstLine = failure.Message.Split('\n')[0]
    let first = firstLine.Replace("ERROR: ", "").Trim().TrimEnd('.')

    let suggestion =
        match quoted first with
        | Some word when first.StartsWith("unrecognized", StringComparison.Ordinal) ->
            match Names.nearest (options parser) word with
            | [] -> ""
            | close :: _ -> $"did you mean '{close}'? "
        | _ -> ""

    InputException $"{first}; {suggestion}'help {verb}' lists the options."

/// The arguments of a verb. Raises InputException.
let parse<'argument when 'argument :> IArgParserTemplate> verb (arguments: string list) =
    let parser = parser<'argument> verb
    ArgumentValues.check parser verb arguments

    try
        parser.ParseCommandLine(Array.ofList arguments, raiseOnUsage = true)
    with :? ArguParseException as failure ->
        raise (explain parser verb failure)

/// Usage of a verb.
let usage<'argument when 'argument :> IArgParserTemplate> verb () = (parser<'argument> verb).PrintUsage()
