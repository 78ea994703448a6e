namespace CausalDebiasing.Bench.Reporting

open System
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running
open ScottPlot

/// AUROC against one swept number: the mean over baselines for every test condition, and one small panel per baseline.
module SweepFigures =
    let private auroc (measure: Measure) = measure.Auroc
    let private oracle (measure: Measure) = measure.OracleAuroc

    /// What a panel is about.
    type private Facets = {
        Title: string
        Condition: string
        Baseline: string
    }

    type private Line = {
        Style: SeriesStyle
        Points: (float * Estimate) list
    }

    let private line (axis: Axis) style (replicates: Observation list -> BySeed) observations = {
        Style = style
        Points = [
            for x in Slice.values axis observations do
                let here = observations |> List.filter (fun o -> axis.Value o.Setting.Data = Some x)

                let estimate = replicates here |> Replicates.values |> Statistics.estimate

                if estimate.Count > 0 then
                    x, estimate
        ]
    }

    let private meanOverBaselines metric variant (observations: Observation list) =
        observations
        |> List.groupBy _.Setting.Baseline
        |> List.map (fun (_, group) -> Replicates.ofVariant metric variant group)
        |> Replicates.average
        |> fst

    /// The oracle knows the truth, not the baseline: any run of the seed says it.
    let private oracleBySeed (observations: Observation list) : BySeed =
        observations
        |> List.filter (fun o -> not (Double.IsNaN(oracle o.Measure)))
        |> List.map (fun o -> o.Seed, oracle o.Measure)
        |> Map.ofList

    let private lines (axis: Axis) variants observations =
        [
            for name, style in variants do
                line axis style (meanOverBaselines auroc name) observations
            line axis Style.oracle oracleBySeed observations
        ]
        |> List.filter (fun line -> not line.Points.IsEmpty)

    let private draw (plot: Plot) span index line =
        let shift =
            if line.Style.Marker = MarkerShape.None then
                0.
            else
                (float index - 1.5) * 0.008 * span

        let xs = line.Points |> List.map (fun (x, _) -> x + shift) |> List.toArray
        let ys = line.Points |> List.map (fun (_, e) -> e.Mean) |> List.toArray
        let scatter = plot.Add.Scatter(xs, ys)
        scatter.Color <- line.Style.Color
        scatter.LineWidth <- 2.2f
        scatter.LinePattern <- line.Style.Pattern
        scatter.MarkerShape <- line.Style.Marker
        scatter.MarkerSize <- 8f

        let half =
            line.Points
            |> List.map (fun (_, e) -> if Double.IsNaN e.Low then 0. else e.High - e.Mean)

        if line.Style.Marker <> MarkerShape.None && List.exists ((<>) 0.) half then
            let bars = plot.Add.ErrorBar(xs, ys, List.toArray half)
            bars.Color <- line.Style.Color
            bars.LineWidth <- 1.2f
            bars.CapSize <- 4f

    let private points lines = [
        for line in lines do
            for x, estimate in line.Points ->
                {
                    Series = line.Style.Label
                    At = CellRow.number x
                    Estimate = estimate
                }
    ]

    let private panels (axis: Axis) (drawn: (Facets * Line list) list) =
        let low, high =
            drawn
            |> List.collect snd
            |> List.collect (_.Points >> List.map snd)
            |> Style.limits 0.08

        [
            for facets, lines in drawn do
                let plot = Style.panel facets.Title axis.Label "AUROC"
                let xs = lines |> List.collect _.Points |> List.map fst
                let span = List.max xs - List.min xs

                lines |> List.iteri (draw plot span)
                plot.Axes.SetLimits(List.min xs - 0.06 * span, List.max xs + 0.06 * span, low, high)
                let points = points lines

                {
                    Title = facets.Title
                    Condition = facets.Condition
                    Baseline = facets.Baseline
                    Plot = plot
                    Points = points
                    Alt = FigureData.altOfCurves $"AUROC, {facets.Title}" axis.Label points
                }
        ]

    let private figure (axis: Axis) (slice: Slice) suffix title columns (width, height) drawn = {
        Name = $"{slice.Experiment}-{slice.Data.Dataset}-auroc-vs-{axis.Name}{suffix}"
        Title = title
        Subtitle = $"Experiment {slice.Experiment}: {slice.Fixed}"
        Caption =
            "Bars are 95 % t-intervals over seeds; they include the differences between worlds, which pairing removes "
            + "from the gains."
        Panels = panels axis drawn
        Columns = columns
        PanelSize = Canvas.panelWidth width (min columns drawn.Length), height
        Legend =
            drawn
            |> List.collect snd
            |> List.map _.Style
            |> List.distinct
            |> List.map Style.legendItem
    }

    let private ofSlice (axis: Axis) (slice: Slice) = [
        let names, baselines =
            Slice.comparable (List.map fst Style.variants) slice.Observations

        let variants =
            Style.variants |> List.filter (fun (name, _) -> List.contains name names)

        let shared =
            slice.Observations
            |> List.filter (fun o -> List.contains o.Setting.Baseline baselines)

        let conditions =
            Style.conditions (shared |> Seq.map _.Setting.Condition) |> List.truncate 6

        let at condition =
            List.filter (fun o -> o.Setting.Condition = condition)

        if not baselines.IsEmpty then
            figure
                axis
                slice
                ""
                (match baselines with
                 | [ one ] -> $"AUROC against {axis.Label}, {one}"
                 | several -> $"AUROC against {axis.Label}, mean of {several.Length} baselines")
                3
                (430, 360)
                [
                    for condition, title in conditions do
                        {
                            Title = title
                            Condition = condition
                            Baseline = ""
                        },
                        lines axis variants (at condition shared)
                ]

            let condition, title =
                conditions
                |> List.tryFind (fun (name, _) -> name = "do")
                |> Option.defaultValue conditions.Head

            if baselines.Length > 1 then
                figure
                    axis
                    slice
                    "-by-baseline"
                    $"AUROC against {axis.Label} by baseline, {title}"
                    (min 4 baselines.Length)
                    (330, 280)
                    [
                        for baseline in baselines do
                            {
                                Title = baseline
                                Condition = condition
                                Baseline = baseline
                            },
                            shared
                            |> at condition
                            |> List.filter (fun o -> o.Setting.Baseline = baseline)
                            |> lines axis variants
                    ]
    ]

    /// Two figures per experiment and number that it sweeps.
    let create (observations: Observation list) =
        Axis.all
        |> List.collect (fun axis -> Slice.along [ axis ] observations |> List.collect (ofSlice axis))
