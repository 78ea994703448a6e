namespace CausalDebiasing.Bench.Datasets

open System
open System.Text.Json
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Runtime

/// Descriptions of data that people write as JSON.
module HandwrittenJson =
    /// Reads an object; `where` is the file and `what` the kind of description in messages. Raises InputException when the text is
    /// no JSON or has a property that does not exist.
    let read<'T> (where: string) (what: string) (text: string) : 'T =
        let refuse (where: string) problem remedy =
            raise (InputException $"{where}: {problem}; {remedy}.")

        try
            match JsonSerializer.Deserialize(text, typeof<'T>, JsonDialect.handwritten) with
            | null -> refuse where "the file holds no object" $"write a {what}; 'data init' makes a first one"
            | value -> unbox value
        with :? JsonException as failure ->
            let first = ((failure.Message.Split " Path:")[0]).TrimEnd '.'

            // What is no literal is repeated up to the next quote, over many lines.
            let first =
                if first.Contains '\n' then
                    "what stands there is no JSON"
                else
                    first

            let line =
                failure.LineNumber
                |> Option.ofNullable
                |> Option.map (fun line -> $", line {line + 1L}")
                |> Option.defaultValue ""

            refuse $"{where}{line}" first $"correct the {what}"
