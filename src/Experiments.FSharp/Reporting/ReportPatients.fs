namespace CausalDebiasing.Bench.Reporting

open System
open CausalDebiasing.Bench.Evidence
open Giraffe.ViewEngine

/// What a run's predictions are worth to whoever decides by them.
type PatientEvidence = {
    Findings: PatientFindings list
    Figures: WrittenFigure list
    /// Tables, each with whether it is shown at once.
    Tables: (PatientTable * bool) list
    /// Comparisons that are left out for their number.
    LeftOut: int
    /// Reasons why cells have no predictions, and how many these are.
    Missing: (string * int) list
}

/// The section on calibration, decisions and subgroups.
module ReportPatients =
    open ReportParts

    let private missing (evidence: PatientEvidence) =
        evidence.Missing
        |> List.map (fun (reason, count) -> $"""{plural count "cell"}: {reason}""")
        |> function
            | [] -> ""
            | reasons ->
                $"""Predictions are missing of some cells, which are left out here ({String.concat "; " reasons}); 'sweep' and 'reproduce' keep them with --force."""

    let private leftOut (evidence: PatientEvidence) =
        if evidence.LeftOut = 0 then
            ""
        else
            $"""{plural evidence.LeftOut "comparison"} with other baselines or data sets are left out of the curves and subgroups for their number."""

    let private table (shown: PatientTable) =
        div [] [
            dataTable shown.Title shown.Columns shown.Rows
            p [ _class "small" ] [ str shown.Note ]
        ]

    /// The section; it says so where no predictions are there.
    let render (evidence: PatientEvidence) =
        section "patients" "For patients: calibration, decisions, subgroups" [
            if evidence.Tables.IsEmpty then
                p [] [
                    str
                        "No predictions were kept, so that nothing can be said of calibration, decisions and subgroups."
                ]
            else
                p [] [
                    str
                        "Whether risks are as large as they are said to be, and whether deciding by them does good. Curves and subgroups are of one setting of each data set, on the test that says most about debiasing."
                ]
            for note in [ leftOut evidence; missing evidence ] do
                if note <> "" then
                    p [ _class "small" ] [ shown note ]
            for content, isShown in evidence.Tables do
                if isShown then
                    table content
            if not evidence.Figures.IsEmpty then
                details [] [
                    summary [] [ str "Calibration and decision curves" ]
                    yield! List.map ReportFigures.figureOf evidence.Figures
                ]
            for content, isShown in evidence.Tables do
                if not isShown then
                    details [] [ summary [] [ str content.Title ]; table content ]
        ]

    /// The tables as Markdown, for measures.md.
    let markdown (evidence: PatientEvidence) =
        [
            for content, _ in evidence.Tables do
                $"## {content.Title}\n"
                MarkdownTable.write content.Columns (content.Rows |> List.map _.Cells)
                $"{content.Note}\n"
            for note in [ leftOut evidence; missing evidence ] do
                if note <> "" then
                    $"{note}\n"
        ]
        |> String.concat "\n"
