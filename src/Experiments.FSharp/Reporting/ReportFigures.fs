namespace CausalDebiasing.Bench.Reporting

open System
open Giraffe.ViewEngine

/// The section of figures, each with its legend and its data.
module ReportFigures =
    open ReportParts

    let private mark =
        function
        | ScottPlot.MarkerShape.FilledCircle -> "\u25cf"
        | ScottPlot.MarkerShape.FilledSquare -> "\u25a0"
        | ScottPlot.MarkerShape.FilledDiamond -> "\u25c6"
        | ScottPlot.MarkerShape.FilledTriangleUp -> "\u25b2"
        | ScottPlot.MarkerShape.FilledTriangleDown -> "\u25bc"
        | _ -> "\u2505\u2505"

    let private legend (items: ScottPlot.LegendItem list) =
        ul [ _class "legend" ] [
            for item in items ->
                let color, sign =
                    if item.MarkerShape <> ScottPlot.MarkerShape.None then
                        item.MarkerColor, mark item.MarkerShape
                    elif item.LineWidth > 0f then
                        item.LineColor, mark item.MarkerShape
                    else
                        item.FillColor, mark ScottPlot.MarkerShape.FilledSquare

                li [] [
                    span [ attr "style" $"color:{color.ToHex()}"; attr "aria-hidden" "true" ] [
                        str $"{sign} "
                    ]
                    str item.LabelText
                ]
        ]

    /// A figure with its legend and its data.
    let figureOf written =
        let drawn = written.Figure

        figure [] [
            figcaption [] [ strong [] [ shown $"{drawn.Title}. " ]; shown $"{drawn.Subtitle}." ]
            div [
                _class "plate"
                attr "style" $"--panel-width:{min 360 (fst drawn.PanelSize)}px"
            ] [
                div [ _class "panels" ] [
                    for panel, png in List.zip drawn.Panels written.Panels ->
                        div (_class "panel" :: facets panel.Condition panel.Baseline) [
                            img [
                                _src ("data:image/png;base64," + Convert.ToBase64String png)
                                _alt (ShownText.byName panel.Alt)
                            ]
                        ]
                ]
                legend drawn.Legend
            ]
            figcaption [] [
                shown $"{drawn.Caption} "
                ReportOverview.dataLink
                    drawn.Name
                    (FigureData.csv
                        FigureData.columns
                        (FigureData.rows drawn.Panels |> List.map (List.map ShownText.byName)))
                shown $"; as picture: figures/{drawn.Name}.svg and .png."
            ]
        ]

    /// Every figure that was written.
    let render (written: WrittenFigure list) =
        section "figures" "Figures" (List.map figureOf written)
