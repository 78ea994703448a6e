namespace CausalDebiasing.Bench.Datasets

open System.Text.RegularExpressions
open YamlDotNet.RepresentationModel

/// Predicates of a task file.
module AcesPredicates =
    let private own = [
        "code"
        "expr"
        "value_min"
        "value_max"
        "value_min_inclusive"
        "value_max_inclusive"
        "static"
        "other_cols"
    ]

    let private expression =
        Regex(@"^\s*(and|or)\s*\(([^()]*)\)\s*$", RegexOptions.Compiled)

    let private code file node =
        match AcesYaml.entries file node with
        | [ "regex", value ] -> Matching(AcesYaml.required file value)
        | [ "any", list ] ->
            match AcesYaml.items file list |> List.map (AcesYaml.required file) with
            | [] -> AcesYaml.refuse file list "no code is named" "name at least one"
            | codes -> AnyOf codes
        | _ ->
            AcesYaml.refuse file node "'code' is neither text nor 'regex' nor 'any'" "write one of the three"

    let private derived file node =
        let text = AcesYaml.required file node
        let found = expression.Match text

        let inputs = found.Groups[2].Value.Split ',' |> Array.map _.Trim() |> List.ofArray

        if not found.Success || inputs.Length < 2 || List.contains "" inputs then
            AcesYaml.refuse
                file
                node
                "'expr' is no expression"
                "write or(a, b) or and(a, b) with names of two predicates or more"

        if found.Groups[1].Value = "or" then
            OneOf inputs
        else
            AllOf inputs

    let private plain file node (entries: (string * YamlNode) list) =
        let find name =
            entries |> List.tryFind (fst >> (=) name) |> Option.map snd

        let bound limit inclusive =
            find limit
            |> Option.filter (AcesYaml.isNull file >> not)
            |> Option.map (fun value -> {
                Limit = AcesYaml.number file value
                Inclusive = find inclusive |> Option.exists (AcesYaml.flag file)
            })

        Plain {
            Code =
                match find "code" with
                | None ->
                    AcesYaml.refuse file node "the predicate has no 'code'" "name one, or write an 'expr'"
                | Some(:? YamlScalarNode as value) -> Exactly(AcesYaml.required file value)
                | Some value -> code file value
            Least = bound "value_min" "value_min_inclusive"
            Most = bound "value_max" "value_max_inclusive"
            Others = [
                for key, value in entries do
                    if not (List.contains key own) then
                        key, AcesYaml.required file value
                match find "other_cols" with
                | Some columns ->
                    for key, value in AcesYaml.entries file columns do
                        key, AcesYaml.required file value
                | None -> ()
            ]
        }

    /// A predicate, and whether it is of events without a time. Raises InputException.
    let read file node : AcesPredicate * bool =
        let entries = AcesYaml.entries file node

        let isStatic =
            entries
            |> List.exists (fun (key, value) -> key = "static" && AcesYaml.flag file value)

        match entries |> List.tryFind (fst >> (=) "expr") with
        | Some(_, value) ->
            AcesYaml.checkKeys file node [ "expr" ]
            derived file value, false
        | None -> plain file node entries, isStatic

    /// The names that a predicate is made of.
    let inputs predicate =
        match predicate with
        | AllOf names
        | OneOf names -> names
        | Plain _ -> []
