namespace CausalDebiasing.Bench.Datasets

open System
open System.Text.RegularExpressions

/// Windows of a task file.
module AcesWindows =
    let private keys = [
        "start"
        "end"
        "start_inclusive"
        "end_inclusive"
        "has"
        "label"
        "index_timestamp"
    ]

    let private boundary =
        Regex(@"^\s*([\w.]+)\s*(?:(->|<-|\+|-)\s*(.+?))?\s*$", RegexOptions.Compiled)

    let private reference file node own (name: string) =
        match name.Split '.' with
        | [| "trigger" |] -> Trigger
        | [| word |] when word = own -> OtherEnd
        | [| window; "start" |] -> StartOf window
        | [| window; "end" |] -> EndOf window
        | _ ->
            AcesYaml.refuse
                file
                node
                $"'{name}' is no moment that a window can begin or end at"
                $"write trigger, {own}, WINDOW.start or WINDOW.end"

    /// A boundary that refers to the other end of its window by `own`.
    let private moment file node own =
        let text = AcesYaml.required file node
        let found = boundary.Match text

        if not found.Success then
            AcesYaml.refuse
                file
                node
                "this is no moment"
                "write one such as trigger, start + 24h, end - 2 days, start -> discharge or end <- admission"

        let rest = found.Groups[3].Value

        let shift () =
            match AcesDuration.tryParse rest with
            | Some span -> span
            | None -> AcesYaml.refuse file node $"'{rest}' is no duration" "write one such as 24h or 30 days"

        {
            From = reference file node own found.Groups[1].Value
            Step =
                match found.Groups[2].Value with
                | "" -> Shift TimeSpan.Zero
                | "+" -> Shift(shift ())
                | "-" -> Shift(-shift())
                | "->" -> Next rest
                | _ -> Previous rest
        }

    let private count file (predicate, node) =
        let limit (text: string) =
            match text.Trim(), Int32.TryParse(text.Trim()) with
            | ("None" | "null" | ""), _ -> None
            | _, (true, value) when value >= 0 -> Some value
            | _ ->
                AcesYaml.refuse
                    file
                    node
                    $"'{text.Trim()}' is no count"
                    "write (least, most), such as (1, None)"

        match (AcesYaml.required file node).Trim().TrimStart('(').TrimEnd(')').Split ',' with
        | [| least; most |] -> {
            Predicate = predicate
            Least = limit least
            Most = limit most
          }
        | _ -> AcesYaml.refuse file node "this is no range of counts" "write (least, most), such as (1, None)"

    /// Raises InputException where both or neither of the ends are relative to the other, or the start is after the end.
    let private check file node window =
        let isNegative boundary =
            match boundary.Step with
            | Shift span -> span < TimeSpan.Zero
            | Previous _ -> true
            | Next _ -> false

        let isPositive boundary =
            match boundary.Step with
            | Shift span -> span > TimeSpan.Zero
            | Next _ -> true
            | Previous _ -> false

        match window.Start.From, window.End.From with
        | OtherEnd, OtherEnd ->
            AcesYaml.refuse
                file
                node
                "start and end refer to each other"
                "let one of them refer to another moment"
        | OtherEnd, _ when isPositive window.Start ->
            AcesYaml.refuse
                file
                node
                "the window starts after its end"
                "write end <- PREDICATE or end - DURATION"
        | _, OtherEnd when isNegative window.End ->
            AcesYaml.refuse
                file
                node
                "the window ends before its start"
                "write start -> PREDICATE or start + DURATION"
        | OtherEnd, _
        | _, OtherEnd -> window
        | _ ->
            AcesYaml.refuse
                file
                node
                "neither start nor end refers to the other"
                "write one of them relative to the other, such as 'end: start + 24h'"

    /// A window. Raises InputException.
    let read file (name: string, node) : AcesWindow =
        AcesYaml.checkKeys file node keys
        let entries = AcesYaml.entries file node

        let find key =
            entries
            |> List.tryFind (fst >> (=) key)
            |> Option.map snd
            |> Option.filter (AcesYaml.isNull file >> not)

        let flag key =
            match find key with
            | Some value -> AcesYaml.flag file value
            | None -> AcesYaml.refuse file node $"window '{name}' has no '{key}'" "write true or false"

        check file node {
            Name = name
            Start =
                match find "start" with
                | Some value -> moment file value "end"
                | None -> {
                    From = OtherEnd
                    Step = Previous AcesTask.recordStart
                  }
            End =
                match find "end" with
                | Some value -> moment file value "start"
                | None -> {
                    From = OtherEnd
                    Step = Next AcesTask.recordEnd
                  }
            StartInclusive = flag "start_inclusive"
            EndInclusive = flag "end_inclusive"
            Has =
                match find "has" with
                | Some value -> AcesYaml.entries file value |> List.map (count file)
                | None -> []
            Label = find "label" |> Option.map (AcesYaml.required file)
            Index =
                match
                    find "index_timestamp"
                    |> Option.map (fun node -> node, AcesYaml.required file node)
                with
                | None -> None
                | Some(_, "start") -> Some AtStart
                | Some(_, "end") -> Some AtEnd
                | Some(node, _) ->
                    AcesYaml.refuse file node "'index_timestamp' is neither start nor end" "write one of them"
        }
