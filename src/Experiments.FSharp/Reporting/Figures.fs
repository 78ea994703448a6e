namespace CausalDebiasing.Bench.Reporting

open System.IO
open CausalDebiasing.Bench.Evidence

/// A figure as it was written.
type WrittenFigure = { Figure: Figure; Png: byte[] }

module Figures =
    /// Every figure that the observations have the data for, in the order of the report.
    let create (observations: Observation list) =
        SweepFigures.create observations
        @ ForestFigure.create observations
        @ PhaseDiagram.create observations
        @ RealDataFigure.create observations

    /// Writes all figures as NAME.png and NAME.svg into a folder.
    let write folder observations =
        Directory.CreateDirectory folder |> ignore

        create observations
        |> List.map (fun figure -> {
            Figure = figure
            Png = Canvas.save folder figure
        })
