namespace CausalDebiasing.Bench.Reporting

open System
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running
open ScottPlot

/// Gain of the recommended options over the plain model per baseline, with its interval.
module ForestFigure =
    let private auroc (measure: Measure) = measure.Auroc

    let private gains (observations: Observation list) : BySeed =
        observations
        |> List.groupBy _.Setting
        |> List.map (fun (_, group) -> Replicates.difference auroc Variant.recommended Variant.plain group)
        |> Replicates.average
        |> fst

    let private row (plot: Plot) y size (color: Color) marker (gain: Estimate) =
        if not (Double.IsNaN gain.Low) then
            let bar = plot.Add.Line(gain.Low, y, gain.High, y)
            bar.Color <- color
            bar.LineWidth <- 2f
            bar.MarkerSize <- 0f

        let point = plot.Add.Scatter(gain.Mean, y)
        point.Color <- color
        point.MarkerShape <- marker
        point.MarkerSize <- size

    let private color (gain: Estimate) =
        if gain.Low > 0. then Style.gain
        elif gain.High < 0. then Style.loss
        else Style.neutral

    let private panel condition title (order: string list) (byBaseline: Map<string, BySeed>) =
        let plot = Style.panel title "gain in AUROC (recommended - plain)" ""
        let zero = plot.Add.VerticalLine 0.
        zero.Color <- Colors.Black
        zero.LineWidth <- 1f

        let estimate baseline =
            Map.tryFind baseline byBaseline
            |> Option.map (Replicates.values >> Statistics.estimate)

        order
        |> List.iteri (fun i baseline ->
            estimate baseline
            |> Option.iter (fun gain ->
                row plot (float (order.Length - i)) 9f (color gain) MarkerShape.FilledCircle gain))

        let all =
            byBaseline
            |> Map.values
            |> List.ofSeq
            |> Replicates.average
            |> fst
            |> Replicates.values
            |> Statistics.estimate

        row plot 0. 13f (color all) MarkerShape.FilledDiamond all

        let origin = Statistics.estimate [ 0. ]
        let low, high = origin :: List.choose estimate order |> Style.limits 0.03

        Style.categories plot.Axes.Left ("mean" :: List.rev order)
        plot.Grid.YAxisStyle.IsVisible <- false
        plot.Axes.SetLimits(low, high, -0.8, float order.Length + 0.8)

        let points = [
            for baseline in order do
                match estimate baseline with
                | Some gain -> {
                    Series = "gain"
                    At = baseline
                    Estimate = gain
                  }
                | None -> ()
            {
                Series = "mean gain"
                At = "the baselines"
                Estimate = all
            }
        ]

        {
            Title = title
            Condition = condition
            Baseline = ""
            Plot = plot
            Points = points
            Alt = FigureData.altOfNames $"Gain in AUROC by baseline, {title}" points
        }

    let private ofExperiment (experiment, dataset) (observations: Observation list) =
        let panels = [
            for condition, title in
                Style.conditions (observations |> Seq.map _.Setting.Condition)
                |> List.truncate 6 do
                let byBaseline =
                    observations
                    |> List.filter (fun o -> o.Setting.Condition = condition)
                    |> List.groupBy _.Setting.Baseline
                    |> List.map (fun (baseline, group) -> baseline, gains group)
                    |> List.filter (snd >> Map.isEmpty >> not)
                    |> Map.ofList

                if not byBaseline.IsEmpty then
                    condition, title, byBaseline
        ]

        match panels with
        | [] -> None
        | (_, _, first) :: _ ->
            let _, _, leading =
                panels
                |> List.tryFind (fun (condition, _, _) -> condition = "do")
                |> Option.defaultValue ("", "", first)

            let order =
                leading
                |> Map.toList
                |> List.sortByDescending (snd >> Replicates.values >> Statistics.mean)
                |> List.map fst

            Some {
                Name = $"{experiment}-{dataset}-gain-by-baseline"
                Title = "Gain of the recommended wrapping per baseline"
                Subtitle = $"Experiment {experiment}: {dataset}, mean over the settings of the experiment"
                Caption =
                    "Paired differences of AUROC; each panel has its own scale. Bars are 95 % t-intervals over "
                    + "seeds, cut at the edge of the panel. Blue: the interval lies above zero; vermilion: below; grey: around it."
                Panels =
                    panels
                    |> List.map (fun (condition, title, gains) -> panel condition title order gains)
                Columns = 3
                PanelSize = Canvas.panelWidth 430 (min 3 panels.Length), 110 + 24 * (order.Length + 1)
                Legend = [
                    for label, color in
                        [
                            "gain (interval above 0)", Style.gain
                            "no clear difference", Style.neutral
                            "loss (interval below 0)", Style.loss
                        ] do
                        LegendItem(
                            LabelText = label,
                            MarkerShape = MarkerShape.FilledCircle,
                            MarkerSize = 9f,
                            MarkerColor = color
                        )
                ]
            }

    /// One figure per experiment and data set.
    let create (observations: Observation list) =
        observations
        |> List.groupBy (fun o -> o.Experiment, o.Setting.Data.Dataset)
        |> List.sortBy fst
        |> List.choose (fun (key, group) -> ofExperiment key group)
