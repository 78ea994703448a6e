namespace CausalDebiasing.Bench.Datasets

open System

/// Which codes a predicate means.
type AcesCode =
    | Exactly of string
    | AnyOf of string list
    /// Found anywhere in the code.
    | Matching of regex: string

type AcesBound = { Limit: float; Inclusive: bool }

/// A condition on one event.
type AcesPlain = {
    Code: AcesCode
    Least: AcesBound option
    Most: AcesBound option
    /// Columns beside the code and the texts that they must hold.
    Others: (string * string) list
}

type AcesPredicate =
    | Plain of AcesPlain
    /// Each holds somewhere in the same moment.
    | AllOf of string list
    /// One of them holds in the moment.
    | OneOf of string list

/// A moment that another is relative to.
type AcesReference =
    | Trigger
    /// The other end of the same window.
    | OtherEnd
    | StartOf of window: string
    | EndOf of window: string

/// The way from a reference to a moment.
type AcesStep =
    | Shift of TimeSpan
    /// The nearest moment after it at which the predicate holds.
    | Next of predicate: string
    /// The nearest before it.
    | Previous of predicate: string

type AcesBoundary = { From: AcesReference; Step: AcesStep }

/// Least and most moments or events of a predicate in a window.
type AcesCount = {
    Predicate: string
    Least: int option
    Most: int option
}

type AcesEnd =
    | AtStart
    | AtEnd

type AcesWindow = {
    Name: string
    Start: AcesBoundary
    End: AcesBoundary
    StartInclusive: bool
    EndInclusive: bool
    Has: AcesCount list
    /// The predicate that the outcome is: whether it holds in the window.
    Label: string option
    /// The prediction time.
    Index: AcesEnd option
}

/// A task in the language of ACES (Xu et al., ICLR 2025): a trigger, windows around it, and what must be in them.
type AcesTask = {
    /// The file, for messages.
    File: string
    Predicates: Map<string, AcesPredicate>
    /// Predicates of events without a time that every subject of the cohort must have.
    Static: Set<string>
    Trigger: string
    Windows: AcesWindow list
}

/// Predicates that every task has.
module AcesTask =
    let anyEvent = "_ANY_EVENT"
    let recordStart = "_RECORD_START"
    let recordEnd = "_RECORD_END"
    let special = [ anyEvent; recordStart; recordEnd ]
