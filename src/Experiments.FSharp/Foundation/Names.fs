namespace CausalDebiasing.Bench.Foundation

open CausalDebiasing.Runtime

/// Finding what a misspelt name was meant to be.
module Names =
    /// Levenshtein distance: the fewest insertions, deletions and replacements of characters between two words.
    let distance (a: string) (b: string) =
        let nextRow (previous: int list) (letter: char) =
            let step (row: int list) (other: char, (diagonal, above)) =
                let replaced = diagonal + (if letter = other then 0 else 1)
                min replaced (1 + min above row.Head) :: row

            Seq.zip b (List.pairwise previous)
            |> Seq.fold step [ previous.Head + 1 ]
            |> List.rev

        Seq.fold nextRow [ 0 .. b.Length ] a |> List.last

    /// Up to three of the known names that are close to a word, closest first.
    let nearest known (word: string) =
        known
        |> List.map (fun name -> distance (word.ToLowerInvariant()) name, name)
        |> List.filter (fun (edits, name) -> edits <= max 2 (min word.Length name.Length / 2))
        |> List.sort
        |> List.truncate 3
        |> List.map snd

    /// The end of a message on an unknown name: what may have been meant, or all there is.
    let hint known word =
        let quoted names =
            names |> List.map (sprintf "'%s'") |> String.concat ", "

        match nearest known word with
        | [] -> $"known are {quoted known}."
        | close -> $"did you mean {quoted close}?"

    /// Checks that a name is known. Raises InputException naming the nearest ones.
    let require kind option known word =
        if not (List.contains word known) then
            raise (InputException $"Unknown {kind} '{word}' in {option}: {hint known word}")
