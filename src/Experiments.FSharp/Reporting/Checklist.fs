namespace CausalDebiasing.Bench.Reporting

open CausalDebiasing.Bench.Datasets

/// How far an item of a document is answered.
type Answer =
    | Filled of text: string
    /// What the run knows, and what only the author does.
    | Partly of text: string * left: string
    | Author of what: string

/// One item of a document about a study.
type ChecklistItem = {
    Number: string
    /// What it asks for, in a few words of our own.
    Asks: string
    Answer: StudySource -> Answer
}

/// Documents of items that a run answers as far as it knows.
module Checklist =
    /// The texts, or what the author has to say where there are none.
    let orAuthor (what: string) (texts: string list) =
        match texts with
        | [] -> Author what
        | texts -> Filled(StudyFacts.joined texts)

    /// An item that the run answers.
    let item number asks answer = {
        Number = number
        Asks = asks
        Answer = answer
    }

    /// An item that only the author can answer.
    let author number asks = item number asks (fun _ -> Author asks)

    /// The item with its answer as a line of Markdown.
    let line source item =
        let asks = MarkdownText.escape item.Asks

        match item.Answer source with
        | Filled text -> $"- **{item.Number}** {asks}: {MarkdownText.escape text}."
        | Partly(text, left) ->
            $"- **{item.Number}** {asks}: {MarkdownText.escape text}. **[AUTHOR: {MarkdownText.escape left}]**"
        | Author what -> $"- **{item.Number}** **[AUTHOR: {MarkdownText.escape what}]**"

    /// How many items are answered in whole, in part, and not at all, in a sentence.
    let state source (items: ChecklistItem list) =
        let answers = items |> List.map (fun item -> item.Answer source)

        let count isOne =
            answers |> List.filter isOne |> List.length

        $"Filled from the run as far as it knows: {count _.IsFilled} of {items.Length} items in whole, {count _.IsPartly} in part; {count _.IsAuthor} are the author's."
