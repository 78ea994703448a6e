namespace CausalDebiasing.Bench.Datasets

open System

/// Texts from data in Markdown: nothing in them is markup.
module MarkdownText =
    /// The text on one line, with what HTML and tables would read as their own written as entities.
    let escape (text: string) =
        text
            .ReplaceLineEndings(" ")
            .Replace("&", "&amp;")
            .Replace("<", "&lt;")
            .Replace(">", "&gt;")
            .Replace("|", "&#124;")
