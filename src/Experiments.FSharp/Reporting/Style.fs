namespace CausalDebiasing.Bench.Reporting

open System
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Evidence
open ScottPlot

/// How one series looks: colour and marker both tell it apart (palette of Okabe and Ito, safe for colour-blind eyes).
type SeriesStyle = {
    Label: string
    Color: Color
    Marker: MarkerShape
    Pattern: LinePattern
}

module Style =
    let gain, loss = Color.FromHex "#0072B2", Color.FromHex "#D55E00"
    let neutral = Color.FromHex "#555555"

    let private style label (color: string) marker pattern = {
        Label = label
        Color = Color.FromHex color
        Marker = marker
        Pattern = pattern
    }

    /// Styles of the variants in the order of legends and tables.
    let variants = [
        Variant.plain, style (Variant.name Variant.plain) "#555555" MarkerShape.FilledCircle LinePattern.Solid
        Variant.paper,
        style "wrapped: paper reconstruction" "#D55E00" MarkerShape.FilledSquare LinePattern.Solid
        Variant.recommended,
        style "wrapped: recommended" "#0072B2" MarkerShape.FilledDiamond LinePattern.Solid
        Variant.ceiling,
        style "ceiling (trained without bias)" "#009E73" MarkerShape.FilledTriangleUp LinePattern.Solid
        Variant.ceilingAugmented,
        style "ceiling with augmentation" "#E69F00" MarkerShape.FilledTriangleDown LinePattern.Solid
    ]

    /// The Bayes-optimal predictor.
    let oracle = style "Bayes oracle" "#CC79A7" MarkerShape.None LinePattern.Dashed

    /// The entry of a style in a legend.
    let legendItem style =
        LegendItem(
            LabelText = style.Label,
            LineColor = style.Color,
            LineWidth = 2.5f,
            LinePattern = style.Pattern,
            MarkerColor = style.Color,
            MarkerShape = style.Marker,
            MarkerSize = 9f
        )

    /// A panel with a title and axis labels in the sizes that all figures share.
    let panel (title: string) (x: string) (y: string) =
        EmbeddedFont.register ()
        let plot = new Plot()
        plot.Title(title, Nullable 15f)
        plot.XLabel(x, Nullable 14f)
        plot.YLabel(y, Nullable 14f)
        plot.Axes.Bottom.Label.Bold <- false
        plot.Axes.Left.Label.Bold <- false
        plot.Axes.Bottom.TickLabelStyle.FontSize <- 12f
        plot.Axes.Left.TickLabelStyle.FontSize <- 12f
        plot.Axes.Left.TickLabelStyle.OffsetY <- 3f
        plot.Grid.MajorLineColor <- Color.FromHex "#E6E6E6"
        plot.Axes.Right.FrameLineStyle.IsVisible <- false
        plot.Axes.Right.MinimumSize <- 18f
        plot.Axes.Top.FrameLineStyle.IsVisible <- false
        plot

    /// Axis limits that show every mean, and the intervals up to a margin beyond the outermost means.
    let limits margin (estimates: Estimate list) =
        let outermost choose (means: float list) bounds =
            choose (List.append means (bounds |> List.filter (Double.IsNaN >> not)))

        let means = estimates |> List.map _.Mean
        let low = outermost List.min means (estimates |> List.map _.Low)
        let high = outermost List.max means (estimates |> List.map _.High)

        let low, high =
            max low (List.min means - margin), min high (List.max means + margin)

        let pad = 0.04 * (high - low) + 0.002
        low - pad, high + pad

    /// Labels at whole-number positions of an axis, in place of numbers.
    let categories (axis: IAxis) (labels: string list) =
        axis.TickGenerator <-
            TickGenerators.NumericManual(
                [| for i in 0 .. labels.Length - 1 -> float i |],
                List.toArray labels
            )

        axis.MajorTickStyle.Length <- 0f

    /// Sorts test conditions in reading order.
    let conditionOrder name =
        match name with
        | "id" -> 0, name
        | "do" -> 1, name
        | "reversed" -> 2, name
        | _ -> 3, name

    /// The test of a data condition that says most about debiasing: the site left out, or the do test, or else the first.
    let leading (data: DataSpec) (names: string list) =
        let ofSite =
            match DatasetName.parse data.Dataset with
            | _, SiteLeftOut site -> List.tryFind ((=) $"site:{site}") names
            | _ -> None

        let ofWorld () = List.tryFind ((=) "do") names

        ofSite
        |> Option.orElseWith ofWorld
        |> Option.defaultWith (fun () -> List.minBy conditionOrder names)

    let private conditionTitle =
        function
        | "id" -> "in-distribution test"
        | "do" -> "do test (bias removed)"
        | "reversed" -> "reversed test (bias opposite)"
        | name -> $"test {name}"

    /// Distinct test conditions in reading order, with their titles.
    let conditions (names: string seq) =
        names
        |> Seq.distinct
        |> Seq.sortBy conditionOrder
        |> Seq.map (fun name -> name, conditionTitle name)
        |> List.ofSeq
