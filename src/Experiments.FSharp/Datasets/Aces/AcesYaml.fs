namespace CausalDebiasing.Bench.Datasets

open System
open System.Globalization
open System.IO
open CausalDebiasing.Runtime
open YamlDotNet.Core
open YamlDotNet.RepresentationModel

/// YAML as a tree whose nodes know their lines.
module AcesYaml =
    /// Raises InputException for a node.
    let refuse (file: string) (node: YamlNode) problem remedy =
        TableError.refuseLine file (int node.Start.Line) problem remedy

    /// The entries of the mapping in the file. Raises InputException when it cannot be read or is none.
    let read (file: string) : YamlMappingNode =
        let text =
            try
                File.ReadAllText file
            with
            | :? IOException
            | :? UnauthorizedAccessException ->
                raise (InputException $"{file}: there is no task file that can be read; check the path.")

        let refuseFile place =
            raise (InputException $"{file}{place}: this is no YAML; correct it.")

        let stream = YamlStream()

        try
            stream.Load(new StringReader(text))
        with
        | :? YamlException as failure -> refuseFile $", line {failure.Start.Line}"
        // The parser ends so on some of what is cut short.
        | :? InvalidOperationException
        | :? ArgumentException -> refuseFile ""

        match List.ofSeq stream.Documents with
        | [ document ] ->
            match document.RootNode with
            | :? YamlMappingNode as root -> root
            | node -> refuse file node "the task is no mapping" "write keys such as 'trigger: admission'"
        | _ -> raise (InputException $"{file}: the file holds no task; write one task in it.")

    /// The text of a scalar; None where it is null.
    let text file (node: YamlNode) =
        match node with
        | :? YamlScalarNode as scalar ->
            match scalar.Value with
            | null -> None
            | ""
            | "~"
            | "null"
            | "Null"
            | "NULL"
            | "None" when scalar.Style = ScalarStyle.Plain -> None
            | value -> Some value
        | node -> refuse file node "text is needed here" "write it in one line"

    let isNull file (node: YamlNode) =
        node :? YamlScalarNode && (text file node).IsNone

    /// The text of a scalar that must be there.
    let required file node =
        match text file node with
        | Some text -> text
        | None -> refuse file node "there is nothing here" "fill it in"

    let number file node =
        match Double.TryParse(required file node, NumberStyles.Float, CultureInfo.InvariantCulture) with
        | true, value when Double.IsFinite value -> value
        | _ -> refuse file node "this is no number" "write one such as 7.35"

    let flag file node =
        match (required file node).ToLowerInvariant() with
        | "true" -> true
        | "false" -> false
        | _ -> refuse file node "this is neither true nor false" "write one of them"

    /// Keys and values in order.
    let entries file (node: YamlNode) =
        match node with
        | :? YamlMappingNode as mapping -> [
            for pair in mapping.Children -> required file pair.Key, pair.Value
          ]
        | node -> refuse file node "a mapping is needed here" "write keys and values"

    let items file (node: YamlNode) =
        match node with
        | :? YamlSequenceNode as list -> List.ofSeq list.Children
        | node -> refuse file node "a list is needed here" "write [a, b]"

    /// Raises InputException for a key that is none of these.
    let checkKeys file (node: YamlNode) (known: string list) =
        for key, value in entries file node do
            if not (List.contains key known) then
                let listed = String.concat ", " known
                refuse file value $"'{key}' is none of the keys here" $"use {listed}"
