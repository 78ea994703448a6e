namespace CausalDebiasing.Bench.Reporting

open System.IO
open CausalDebiasing.Bench.Evidence

/// A figure with each of its panels as PNG bytes.
type WrittenFigure = { Figure: Figure; Panels: byte[] list }

module Figures =
    /// Every figure that the observations have the data for, in the order of the report.
    let create (observations: Observation list) =
        SweepFigures.create observations
        @ ForestFigure.create observations
        @ PhaseDiagram.create observations
        @ RealDataFigure.create observations

    /// Writes figures as NAME.png, NAME.svg and NAME.csv into a folder.
    let save folder (figures: Figure list) =
        Directory.CreateDirectory folder |> ignore

        figures
        |> List.map (fun figure ->
            Canvas.save folder figure

            {
                Figure = figure
                Panels = Canvas.panels figure
            })

    /// Writes all figures of the observations into a folder.
    let write folder observations = create observations |> save folder
