namespace CausalDebiasing.Bench.Reporting

open System
open System.Globalization
open CausalDebiasing.Bench.Evidence
open ScottPlot

/// A number that a picture shows.
type FigurePoint = {
    /// The line, or the colour, it belongs to.
    Series: string
    /// Where it stands on the other axis: a value of the swept number, or a name.
    At: string
    Estimate: Estimate
}

/// One picture of a figure, with the numbers it shows and what is seen in it.
type Panel = {
    Title: string
    /// The test condition; empty where it is about several.
    Condition: string
    /// The baseline; empty where it is about several.
    Baseline: string
    Plot: Plot
    Points: FigurePoint list
    /// What is seen, in sentences, for those who do not see it.
    Alt: string
}

/// The numbers of pictures as text.
module FigureData =
    /// One row for every number, with its 95 % interval.
    let columns = [ "panel"; "series"; "at"; "mean"; "ci_low"; "ci_high"; "n_seeds" ]

    let rows (panels: Panel list) = [
        for panel in panels do
            for point in panel.Points ->
                [
                    panel.Title
                    point.Series
                    point.At
                    CellRow.number point.Estimate.Mean
                    CellRow.number point.Estimate.Low
                    CellRow.number point.Estimate.High
                    string point.Estimate.Count
                ]
    ]

    let private quoted (cell: string) =
        let isNumber, _ =
            Double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture)

        let cell = if isNumber then cell else CsvText.guard cell

        if cell.IndexOfAny [| ','; '"'; '\n' |] < 0 then
            cell
        else
            "\"" + cell.Replace("\"", "\"\"") + "\""

    /// A table as CSV.
    let csv (columns: string list) (rows: string list list) =
        columns :: rows
        |> List.map (List.map quoted >> String.concat "," >> (fun line -> line + "\n"))
        |> String.concat ""

    let private number = NumberText.number

    let private sentences title (texts: string list) =
        title + ". " + String.Join(" ", texts |> List.map (fun text -> text + "."))

    /// Curves: where each begins and ends.
    let altOfCurves title axis (points: FigurePoint list) =
        points
        |> List.groupBy _.Series
        |> List.map (fun (series, own) ->
            let first, last = List.head own, List.last own
            let change = last.Estimate.Mean - first.Estimate.Mean

            let verb =
                if change > 0.005 then "rises from"
                elif change < -0.005 then "falls from"
                else "stays at"

            if verb = "stays at" then
                $"{series} stays at {number last.Estimate.Mean} between {axis} {first.At} and {last.At}"
            else
                $"{series} {verb} {number first.Estimate.Mean} at {axis} {first.At} to {number last.Estimate.Mean} at {last.At}")
        |> sentences title

    /// Positions by name: the highest and the lowest of each series.
    let altOfNames title (points: FigurePoint list) =
        points
        |> List.filter (fun point -> point.Estimate.Count > 0)
        |> List.groupBy _.Series
        |> List.map (fun (series, own) ->
            let high = own |> List.maxBy _.Estimate.Mean
            let low = own |> List.minBy _.Estimate.Mean

            if own.Length = 1 then
                $"{series} of {high.At}: {number high.Estimate.Mean}"
            else
                $"{series} of {own.Length}: highest {high.At} {number high.Estimate.Mean}, lowest {low.At} {number low.Estimate.Mean}")
        |> sentences title
