/// Options that several verbs have, found by their names.
module CausalDebiasing.Bench.Cli.OptionValue

open Argu
open Microsoft.FSharp.Reflection

/// What was given with the option of a name, each time that it was.
let private fields<'argument when 'argument :> IArgParserTemplate> (options: ParseResults<'argument>) name =
    options.GetAllResults()
    |> List.map (fun argument -> FSharpValue.GetUnionFields(argument, typeof<'argument>))
    |> List.filter (fun (case, _) -> case.Name = name)
    |> List.map snd

/// The values of an option, in the order in which they were given.
let values options name : 'value list =
    fields options name |> List.map (fun fields -> unbox fields[0])

/// The value of an option, the last if it was given several times; None if it was not given.
let tryValue options name : 'value option = values options name |> List.tryLast

/// Whether an option without a value was given.
let isGiven options name = not (fields options name).IsEmpty
