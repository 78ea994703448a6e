namespace CausalDebiasing.Bench.Audit

open System
open CausalDebiasing.Bench.Reporting

/// A table of an audit; columns as (title, is a number).
type AuditTable = {
    Title: string
    Columns: (string * bool) list
    Rows: string list list
}

/// A question with its answer in plain words.
type AuditSection = {
    Id: string
    Title: string
    Sentences: string list
    Tables: AuditTable list
}

/// What the answers have in common.
module AuditSection =
    /// So many of the largest findings are named in a sentence.
    let shown = 3

    let listed (items: string list) = String.concat ", " items

    let p value =
        if Double.IsNaN value then "-" else NumberText.pValue value
