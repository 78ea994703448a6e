namespace CausalDebiasing.Bench.Datasets

open System
open System.Collections.Generic
open CausalDebiasing.Runtime

/// Which values of the outcome are events and which are not. Every known value must be one of the two: none is taken for
/// the other class because it is not named. Words are compared without regard to case.
type ManifestOutcomeReader(where: string, outcome: ManifestOutcome, decimalMark: char) =
    let word (text: string) =
        (CodeText.canonical (text.Trim())).ToLowerInvariant()

    let words (condition: string) =
        condition.Split('|', StringSplitOptions.RemoveEmptyEntries)
        |> Seq.map word
        |> HashSet

    let comparison (condition: string) =
        [ ">=", (>=); "<=", (<=); ">", (>); "<", (<) ]
        |> List.tryFind (fun (mark, _) -> condition.StartsWith(mark, StringComparison.Ordinal))
        |> Option.bind (fun (mark, holds: float -> float -> bool) ->
            ManifestCells.tryNumber '.' condition[mark.Length ..]
            |> Option.map (fun threshold -> fun value -> holds value threshold))

    /// Whether a cell meets the condition; None for a cell to which it does not apply.
    let condition property (text: string) : string -> bool option =
        match text.Trim(), comparison (text.Trim()) with
        | text, _ when text.StartsWith '=' && text.Length > 1 ->
            let wanted = words text[1..]
            fun cell -> if wanted.Contains(word cell) then Some true else None
        | _, Some holds ->
            fun cell ->
                ManifestCells.tryNumber decimalMark cell
                |> Option.filter (Double.IsNaN >> not)
                |> Option.map holds
        | text, None ->
            raise (
                InputException
                    $"{where}: '{property}' is '{text}', which is no condition; write one such as '> 0' or '= dead | expired'."
            )

    let isEvent, isOther =
        match outcome.Positive, outcome.Negative with
        | None, None -> condition "positive" "= 1 | true", condition "negative" "= 0 | false"
        | Some positive, None ->
            let isEvent = condition "positive" positive
            isEvent, isEvent >> Option.map not
        | None, Some negative ->
            let isOther = condition "negative" negative
            isOther >> Option.map not, isOther
        | Some positive, Some negative -> condition "positive" positive, condition "negative" negative

    let unnamed = Dictionary<string, int>()
    let mutable first: CellPlace option = None

    /// Words of fewer rows are counted and not shown: they may be a patient's.
    let listed () =
        let shown, hidden =
            [ for pair in unnamed -> pair.Key, pair.Value ]
            |> List.sortByDescending snd
            |> List.partition (fun (_, rows) -> rows >= CohortCard.smallestCell)

        [
            for word, rows in shown do
                $"'{word}' {rows}"
            if not hidden.IsEmpty then
                $"rare words {List.sumBy snd hidden}"
        ]
        |> String.concat ", "

    /// Whether the cell is an event; None where it is not named, which `Check` refuses. Raises InputException for a value that is
    /// both.
    member _.Read(place, text: string) =
        match isEvent text = Some true, isOther text = Some true with
        | true, true ->
            TableError.refuseCell
                place.File
                place.Row
                place.Column
                "the value is both 'positive' and 'negative'"
                "name it once"
        | false, false ->
            first <- Some(Option.defaultValue place first)

            unnamed[text] <-
                match unnamed.TryGetValue text with
                | true, before -> before + 1
                | _ -> 1

            None
        | event, _ -> Some event

    /// Raises InputException when a value was neither an event nor none, with the counts of such words.
    member _.Check() =
        match first with
        | Some place ->
            TableError.refuseCell
                place.File
                place.Row
                place.Column
                $"the outcome, here and in {Seq.sum unnamed.Values - 1} more rows, is named neither event nor other ({listed ()})"
                "name all words of the column under 'positive' and 'negative', such as '= dead | expired' and '= alive', or under 'missing'"
        | None -> ()
