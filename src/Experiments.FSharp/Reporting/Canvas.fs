namespace CausalDebiasing.Bench.Reporting

open System
open System.IO
open System.Text.RegularExpressions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Foundation
open ScottPlot
open SkiaSharp

/// A picture of one or more panels in a grid, with one title and one legend.
type Figure = {
    /// File name without extension.
    Name: string
    Title: string
    /// Where the data come from and what is held fixed.
    Subtitle: string
    /// What is drawn and how to read it, in sentences.
    Caption: string
    Panels: Panel list
    Columns: int
    /// Of one panel, in pixels at scale 1.
    PanelSize: int * int
    Legend: LegendItem list
}

/// Draws figures to PNG (at twice the nominal size) and SVG.
module Canvas =
    let private titleHeight, legendHeight, gap = 66, 40, 14
    let private scale = 2

    /// Width of a panel such that the whole picture has room for its title and legend.
    let panelWidth preferred columns = max preferred (880 / columns)

    let private strip () =
        let plot = new Plot()
        plot.Layout.Frameless()
        plot.HideAxesAndGrid()
        plot.Axes.SetLimits(0., 1., 0., 1.)
        plot

    let private heading (plot: Plot) (text: string) size bold y =
        let label = plot.Add.Text(text, 0., y)
        label.LabelAlignment <- Alignment.MiddleLeft
        label.LabelFontSize <- size
        label.LabelBold <- bold
        label.LabelFontColor <- if bold then Colors.Black else Style.neutral
        label.OffsetX <- 14f

    let private titleStrip figure =
        let plot = strip ()
        heading plot figure.Title 18f true 0.66
        heading plot figure.Subtitle 13f false 0.24
        plot

    let private legendStrip (items: LegendItem list) =
        let plot = strip ()
        plot.Legend.ManualItems.AddRange items
        plot.Legend.OutlineWidth <- 0f
        plot.Legend.ShadowColor <- Colors.Transparent
        plot.Legend.FontSize <- System.Nullable 14f
        plot.Legend.InterItemPadding <- PixelPadding(10f, 10f, 4f, 4f)
        plot.Legend.SymbolWidth <- 32f
        plot.Legend.TightHorizontalWrapping <- true
        plot.ShowLegend(Alignment.MiddleCenter, Orientation.Horizontal) |> ignore
        plot

    let private size figure =
        let rows = (figure.Panels.Length + figure.Columns - 1) / figure.Columns
        let width, height = figure.PanelSize
        width * min figure.Columns figure.Panels.Length, titleHeight + rows * height + legendHeight

    let private place figure =
        let width, height = figure.PanelSize
        let totalWidth, totalHeight = size figure

        let rectangle x y w h =
            PixelRect(float32 x, float32 (x + w), float32 (y + h), float32 y)

        [
            titleStrip figure, rectangle 0 0 totalWidth titleHeight
            for i, panel in List.indexed figure.Panels do
                let x, y = i % figure.Columns * width, i / figure.Columns * height
                panel.Plot, rectangle (x + gap / 2) (titleHeight + y) (width - gap) (height - gap / 2)
            legendStrip figure.Legend, rectangle 0 (totalHeight - legendHeight) totalWidth legendHeight
        ]

    let private render figure (canvas: SKCanvas) =
        EmbeddedFont.register ()
        canvas.Clear SKColors.White

        for plot, rectangle in place figure do
            let restore = canvas.Save()
            canvas.ClipRect(rectangle.ToSKRect())
            plot.Render(canvas, rectangle)
            canvas.RestoreToCount restore

    let private encoded (width, height) draw =
        use surface =
            SKSurface.Create(
                SKImageInfo(width * scale, height * scale, SKColorType.Rgba8888, SKAlphaType.Opaque)
            )

        surface.Canvas.Scale(float32 scale)
        draw surface.Canvas
        use image = surface.Snapshot()
        use data = image.Encode(SKEncodedImageFormat.Png, 100)
        data.ToArray()

    /// The figure as PNG bytes.
    let private png figure = encoded (size figure) (render figure)

    /// Each panel of the figure by itself as PNG bytes, for pages that put panels beside or below each other.
    let panels figure =
        let width, height = figure.PanelSize
        EmbeddedFont.register ()

        figure.Panels
        |> List.map (fun panel ->
            encoded figure.PanelSize (fun canvas ->
                canvas.Clear SKColors.White
                panel.Plot.Render(canvas, PixelRect(0f, float32 width, float32 height, 0f))))

    /// Every letter is placed by itself where it is drawn; with the first place alone the text can be edited.
    let private editable (document: string) =
        Regex.Replace(
            document,
            "<text[^>]*>",
            fun found -> Regex.Replace(found.Value, "( [xy]=\"[^\",]*),[^\"]*\"", "$1\"")
        )

    let private scalable width height (document: string) =
        document.Replace(
            $"width=\"{width}\" height=\"{height}\">",
            $"width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">"
        )

    /// The figure as an SVG document.
    let private svg figure =
        let width, height = size figure
        use stream = new MemoryStream()

        do
            use canvas =
                SKSvgCanvas.Create(SKRect(0f, 0f, float32 width, float32 height), stream)

            render figure canvas

        System.Text.Encoding.UTF8.GetString(stream.ToArray())
        |> scalable width height
        |> editable

    /// Writes NAME.png, NAME.svg and NAME.csv, the numbers that are shown, into a folder.
    let save folder figure =
        let file ending =
            Path.Combine(folder, FileName.safe figure.Name + ending)

        AtomicFile.write (file ".png") (fun path -> File.WriteAllBytes(path, png figure))
        AtomicFile.writeText (file ".svg") (svg figure)
        AtomicFile.writeText (file ".csv") (FigureData.csv FigureData.columns (FigureData.rows figure.Panels))
