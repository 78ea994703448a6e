namespace CausalDebiasing.Bench.Datasets

open System.Text.RegularExpressions

/// What names of columns say about their part in a table.
module DraftNames =
    /// The words of a name in lower case: "encounter_id", "Encounter ID" and "encounterId" are encounter and id.
    let words (name: string) =
        Regex.Matches(name, @"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
        |> Seq.map _.Value.ToLowerInvariant()
        |> List.ofSeq

    let private things =
        "patient|pat|pt|subject|subj|usubj|person|participant|encounter|enc|visit|record|case|stay|icustay|patientunitstay|patienthealthsystemstay|unitstay|hadm|admission|episode|sample|study|row|hospital|site|uniquep|p|s"

    let private glued = Regex($"^({things})(id|no|nr|nbr)s?$")

    let private labels =
        set [
            "id"
            "ids"
            "nbr"
            "mrn"
            "identifier"
            "uid"
            "guid"
            "uuid"
            "index"
            "pid"
        ]

    let private numbers = set [ "no"; "nr"; "number"; "num"; "key"; "code" ]
    let private numbered = Regex $"^({things})$"

    let private people =
        set [
            "patient"
            "subject"
            "person"
            "participant"
            "proband"
            "mrn"
            "pid"
            "uniquepid"
        ]

    /// Short for people in the names of identifiers: PT alone is a prothrombin time.
    let private peopleInShort =
        people + set [ "pt"; "pat"; "subj"; "usubj"; "uniquep"; "s"; "p" ]

    let private sites =
        set [ "site"; "hospital"; "center"; "centre"; "clinic"; "institution" ]

    let private isUnnamed (name: string) =
        Regex.IsMatch(name, @"^(column\d+|Unnamed: \d+)$")

    /// Whether the name is that of an identifier.
    let isIdentifier (name: string) =
        match words name with
        | [] -> true
        | all ->
            labels.Contains(List.last all)
            || all.Head = "id"
            || glued.IsMatch(List.last all)
            || numbers.Contains(List.last all)
               && all |> List.exists numbered.IsMatch
               && all.Length > 1
            || isUnnamed name

    let private stem (word: string) =
        let found = glued.Match word
        if found.Success then found.Groups[1].Value else word

    let private isOnly (known: Set<string>) name =
        match words name with
        | [ word ] -> known.Contains word
        | _ -> false

    let private isIdentifierOf (known: Set<string>) name =
        isIdentifier name && words name |> List.exists (stem >> known.Contains)

    /// Whether the name is that of a patient's identifier.
    let isPatient name =
        isOnly people name || isIdentifierOf peopleInShort name

    /// Whether the name is that of a hospital or another site.
    let isSite name =
        isOnly sites name || isIdentifierOf sites name

    /// Whether the name is that of a column with ages.
    let isAge name = List.tryLast (words name) = Some "age"

    /// Whether the name is that of a column by which predictions should be judged apart: sex or ethnicity.
    let isGroup name =
        isOnly (set [ "sex"; "gender"; "race"; "ethnicity" ]) name

    /// Whether the name is that of a column with the parts of a split.
    let isSplit name =
        isOnly (set [ "split"; "fold"; "part" ]) name
