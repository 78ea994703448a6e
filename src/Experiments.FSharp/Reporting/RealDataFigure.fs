namespace CausalDebiasing.Bench.Reporting

open System
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running
open CausalDebiasing.Bench.Worlds
open ScottPlot

/// AUROC of plain and wrapped models per baseline on recorded data.
module RealDataFigure =
    let private auroc (measure: Measure) = measure.Auroc

    /// Whether the data were recorded, not drawn from a world.
    let isRecorded (data: DataSpec) =
        not (List.contains data.Dataset WorldCatalog.names)

    let private estimate baseline variant (observations: Observation list) =
        observations
        |> List.filter (fun o -> o.Setting.Baseline = baseline)
        |> Replicates.ofVariant auroc variant
        |> Replicates.values
        |> Statistics.estimate

    let private panel condition title (baselines: string list) variants (observations: Observation list) =
        let plot = Style.panel title "AUROC" ""
        let middle = float (List.length variants - 1) / 2.

        for i, baseline in List.indexed baselines do
            for k, (variant, style) in List.indexed variants do
                let estimate = estimate baseline variant observations

                let y =
                    float (baselines.Length - 1 - i)
                    + (middle - float k) * min 0.24 (0.96 / float (List.length variants))

                if estimate.Count > 0 then
                    if not (Double.IsNaN estimate.Low) then
                        let bar = plot.Add.Line(estimate.Low, y, estimate.High, y)
                        bar.Color <- style.Color
                        bar.LineWidth <- 1.6f
                        bar.MarkerSize <- 0f

                    let point = plot.Add.Scatter(estimate.Mean, y)
                    point.Color <- style.Color
                    point.MarkerShape <- style.Marker
                    point.MarkerSize <- 9f

        Style.categories plot.Axes.Left (List.rev baselines)
        plot.Axes.SetLimitsY(-0.7, float baselines.Length - 0.3)

        let points = [
            for variant, style in variants do
                for baseline in baselines do
                    match estimate baseline variant observations with
                    | none when none.Count = 0 -> ()
                    | found -> {
                        Series = style.Label
                        At = baseline
                        Estimate = found
                      }
        ]

        {
            Title = title
            Condition = condition
            Baseline = ""
            Plot = plot
            Points = points
            Alt = FigureData.altOfNames $"AUROC by baseline, {title}" points
        }

    let private ofData (experiment, data: DataSpec) (observations: Observation list) =
        let variants =
            Style.variants
            |> List.filter (fun (name, _) -> observations |> List.exists (fun o -> o.Variant = name))

        let baselines =
            observations
            |> List.groupBy _.Setting.Baseline
            |> List.sortByDescending (fun (_, group) ->
                group
                |> List.filter (fun o -> o.Variant = Variant.plain)
                |> List.map (fun o -> auroc o.Measure)
                |> Statistics.mean)
            |> List.map fst

        let conditions =
            Style.conditions (observations |> Seq.map _.Setting.Condition)
            |> List.truncate 6

        {
            Name = $"{experiment}-{data.Dataset}-auroc-by-baseline"
            Title = $"AUROC of plain and wrapped models on {data.Dataset}"
            Subtitle = $"Experiment {experiment}: {Axis.missingRate.Describe data}, best plain model first"
            Caption =
                "Bars are 95 % t-intervals over seeds, which decide the split of the patients and the training; that training sets overlap is not corrected for here."
            Panels = [
                for condition, title in conditions do
                    observations
                    |> List.filter (fun o -> o.Setting.Condition = condition)
                    |> panel condition title baselines variants
            ]
            Columns = min 3 conditions.Length
            PanelSize = Canvas.panelWidth 460 (min 3 conditions.Length), 110 + 34 * baselines.Length
            Legend = variants |> List.map (snd >> Style.legendItem)
        }

    /// One figure per experiment on recorded data, at its condition closest to the recording (the first with natural
    /// missingness, else the first).
    let create (observations: Observation list) =
        observations
        |> List.filter (fun o -> isRecorded o.Setting.Data)
        |> List.groupBy (fun o -> o.Experiment, o.Setting.Data.Dataset)
        |> List.sortBy fst
        |> List.map (fun ((experiment, _), group) ->
            let data, shown =
                group
                |> List.groupBy _.Setting.Data
                |> List.sortBy (fun (data, _) -> data.Mechanism <> Natural, data)
                |> List.head

            ofData (experiment, data) shown)
