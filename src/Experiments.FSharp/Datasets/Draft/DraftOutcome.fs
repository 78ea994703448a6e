namespace CausalDebiasing.Bench.Datasets

open System

/// The outcome's column and words in a drafted manifest.
module DraftOutcome =
    let private names =
        set [
            "outcome"
            "label"
            "target"
            "death"
            "died"
            "dead"
            "mortality"
            "expired"
            "survived"
            "survival"
            "readmitted"
            "readmission"
            "event"
            "y"
            "class"
            "num"
        ]

    let private events =
        set [
            "1"
            "true"
            "t"
            "yes"
            "y"
            "dead"
            "died"
            "death"
            "deceased"
            "expired"
            "positive"
            "pos"
            "case"
            "event"
            "present"
            "readmitted"
        ]

    let private others =
        set [
            "0"
            "false"
            "f"
            "no"
            "n"
            "alive"
            "living"
            "survived"
            "survivor"
            "negative"
            "neg"
            "control"
            "none"
            "absent"
            "normal"
            "healthy"
        ]

    let private unknown =
        set [ "unknown"; "lost to follow-up"; "lost"; "missing"; "not known"; "censored" ]

    let private canBe (column: DraftColumn) =
        match column.Content with
        | Constant
        | Dates
        | ManyWords
        | UnclearNumbers -> false
        | _ -> true

    /// The column with the outcome by its name, else the last one with two values; None when there is neither.
    let column (columns: DraftColumn list) =
        let possible = columns |> List.filter canBe

        // A constant one that is called so is better refused than another taken for it.
        let exact (column: DraftColumn) =
            names.Contains(column.Name.ToLowerInvariant())
            && (column.Content = Constant || canBe column)

        let inPart (column: DraftColumn) =
            DraftNames.words column.Name |> List.exists names.Contains

        columns
        |> List.tryFind exact
        |> Option.orElse (
            possible
            |> List.tryFind (fun column -> inPart column && column.Values.Length <= DraftColumn.MostWords)
        )
        |> Option.orElse (possible |> List.filter (fun column -> column.Values.Length = 2) |> List.tryLast)

    let private condition words = Some("= " + String.concat " | " words)

    let private named condition = Option.defaultValue "" condition

    let private told column positive =
        $"Outcome: rows with '{column}' {named positive} are the events."

    let private asked column positive negative =
        $"Question: are rows with '{column}' {named positive} the events, and those with {named negative} not? Correct 'positive' and 'negative' if it is otherwise."

    let private ofWords (column: DraftColumn) =
        let words = column.Values |> Array.map fst |> List.ofArray
        let isIn (set: Set<string>) (word: string) = set.Contains(word.ToLowerInvariant())
        let missing, rest = words |> List.partition (isIn unknown)
        let certain, rest = rest |> List.partition (isIn events)
        let certainOthers, open' = rest |> List.partition (isIn others)

        let positive, negative =
            match certain, certainOthers, open' with
            | [], [], mostFrequent :: rest -> rest, [ mostFrequent ]
            | [], _, _ -> open', certainOthers
            | _, [], _ -> certain, open'
            | _ -> certain, certainOthers

        let outcome = {
            Column = column.Name
            Positive = condition positive
            Negative = condition negative
        }

        outcome,
        missing,
        match certain, certainOthers, open' with
        | _, _, [] -> [ told column.Name outcome.Positive ]
        | _ :: _, _ :: _, _ ->
            let listed = open' |> List.map (fun word -> $"'{word}'") |> String.concat ", "

            [
                $"Question: are rows with '{column.Name}' {listed} events or not? They are neither in the draft, and refused until 'positive', 'negative' or 'missing' names them."
                told column.Name outcome.Positive
            ]
        | _ -> [ asked column.Name outcome.Positive outcome.Negative ]

    let private ofNumbers (column: DraftColumn) mark =
        let values =
            column.Values
            |> Array.map (fun (code, _) -> code, ManifestCells.tryNumber mark code |> Option.defaultValue nan)
            |> Array.sortBy snd

        match values |> Array.map fst with
        | [| "0"; "1" |] ->
            {
                Column = column.Name
                Positive = None
                Negative = None
            },
            [],
            []
        | [| low; high |] ->
            let outcome = {
                Column = column.Name
                Positive = condition [ high ]
                Negative = condition [ low ]
            }

            outcome, [], [ asked column.Name outcome.Positive outcome.Negative ]
        | _ when snd values[0] <= 0. && snd values[values.Length - 1] > 0. ->
            let outcome = {
                Column = column.Name
                Positive = Some "> 0"
                Negative = None
            }

            outcome, [], [ asked column.Name outcome.Positive (Some "0 or less") ]
        | _ ->
            InvalidOperationException $"The numbers of column '{column.Name}' are all above or all below 0."
            |> raise

    /// Whether `ofColumn` can tell events from others.
    let isPossible (column: DraftColumn) =
        match column.Content with
        | FewWords _ -> true
        | Numbers _ when column.Values.Length = 2 -> true
        | Numbers mark ->
            let numbers = column.Values |> Array.choose (fst >> ManifestCells.tryNumber mark)

            Array.min numbers <= 0. && Array.max numbers > 0.
        | _ -> false

    /// Which values are events, words of the column that mean missing, and what a person has to answer.
    let ofColumn (column: DraftColumn) =
        match column.Content with
        | Numbers mark -> ofNumbers column mark
        | _ -> ofWords column
