namespace CausalDebiasing.Bench.Datasets

open System.Text.RegularExpressions
open YamlDotNet.RepresentationModel

/// Reads task files.
module AcesTaskFile =
    let private name = Regex(@"^\w+$", RegexOptions.Compiled)

    let private checkName file node kind (text: string) =
        if not (name.IsMatch text) then
            AcesYaml.refuse file node $"'{text}' cannot name a {kind}" "use letters, digits and underscores"

    /// Predicates by name, with whether they are of events without a time.
    let private predicates file (find: string -> YamlNode option) = [
        for key in [ "predicates"; "patient_demographics" ] do
            match find key with
            | None -> ()
            | Some node ->
                for name, value in AcesYaml.entries file node do
                    checkName file value "predicate" name
                    let predicate, isStatic = AcesPredicates.read file value

                    if List.contains name AcesTask.special then
                        AcesYaml.refuse file value $"'{name}' is there in every task" "take another name"

                    name, (value, predicate, isStatic || key = "patient_demographics")
    ]

    /// Raises InputException where a predicate is made of ones that are not there, or of itself.
    let private checkInputs file (named: Map<string, YamlNode * AcesPredicate * bool>) =
        let rec visit above name =
            let node, predicate, _ = named[name]

            if List.contains name above then
                AcesYaml.refuse
                    file
                    node
                    $"predicate '{name}' is made of itself"
                    "take it out of its expression"

            for input in AcesPredicates.inputs predicate do
                if not (named.ContainsKey input) then
                    AcesYaml.refuse
                        file
                        node
                        $"predicate '{name}' is made of '{input}', which is not there"
                        "define it under 'predicates'"

                visit (name :: above) input

        for pair in named do
            visit [] pair.Key

    let private used (window: AcesWindow) = [
        for boundary in [ window.Start; window.End ] do
            match boundary.Step with
            | Next predicate
            | Previous predicate -> predicate
            | Shift _ -> ()
        for count in window.Has do
            count.Predicate
        yield! Option.toList window.Label
    ]

    let private outside (window: AcesWindow) =
        [ window.Start.From; window.End.From ]
        |> List.tryPick (fun from ->
            match from with
            | StartOf other
            | EndOf other -> Some other
            | Trigger
            | OtherEnd -> None)

    /// The windows, each after the one that it refers to. Raises InputException where that cannot be.
    let private inOrder file node (windows: AcesWindow list) =
        let rec order (ready: AcesWindow list) (rest: AcesWindow list) =
            let isReady window =
                match outside window with
                | Some other -> ready |> List.exists (fun before -> before.Name = other)
                | None -> true

            match rest |> List.partition isReady with
            | _, [] -> ready @ rest
            | [], blocked ->
                let names = blocked |> List.map _.Name |> String.concat ", "

                AcesYaml.refuse
                    file
                    node
                    $"windows {names} refer to windows that are not there, or to each other"
                    "let the windows lead back to the trigger"
            | now, later -> order (ready @ now) later

        order [] windows

    let private checkOnce file node what (windows: AcesWindow list) =
        if windows.Length > 1 then
            AcesYaml.refuse file node $"{windows.Length} windows have '{what}'" "leave it in one of them"

    /// The task in the file. Raises InputException, with file and line, for what is not in the language.
    let read (file: string) : AcesTask =
        let root = AcesYaml.read file

        AcesYaml.checkKeys file root [
            "predicates"
            "patient_demographics"
            "trigger"
            "windows"
            "description"
            "metadata"
        ]

        let find key =
            AcesYaml.entries file root
            |> List.tryFind (fst >> (=) key)
            |> Option.map snd
            |> Option.filter (AcesYaml.isNull file >> not)

        let named = Map(predicates file find)
        checkInputs file named

        let trigger =
            match find "trigger" with
            | Some node -> AcesYaml.required file node
            | None ->
                AcesYaml.refuse file root "the task has no 'trigger'" "name the predicate that starts it"

        let windows =
            match find "windows" with
            | None -> []
            | Some node ->
                [
                    for name, value in AcesYaml.entries file node do
                        checkName file value "window" name
                        AcesWindows.read file (name, value)
                ]
                |> inOrder file node

        for predicate in trigger :: List.collect used windows do
            if not (named.ContainsKey predicate || List.contains predicate AcesTask.special) then
                AcesYaml.refuse
                    file
                    root
                    $"predicate '{predicate}' is not there"
                    "define it under 'predicates'"

        checkOnce file root "label" (windows |> List.filter _.Label.IsSome)
        checkOnce file root "index_timestamp" (windows |> List.filter _.Index.IsSome)

        {
            File = file
            Predicates = named |> Map.map (fun _ (_, predicate, _) -> predicate)
            Static =
                named
                |> Map.filter (fun _ (_, _, isStatic) -> isStatic)
                |> Map.keys
                |> Set.ofSeq
            Trigger = trigger
            Windows = windows
        }
