namespace CausalDebiasing.Bench.Reporting

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running
open ScottPlot

/// Gain of the recommended options on the do test over confounding strength and missing rate.
module PhaseDiagram =
    let private auroc (measure: Measure) = measure.Auroc

    let private shade (limit: float) (gain: float) =
        let target = if gain >= 0. then Style.gain else Style.loss
        Colors.White.MixedWith(target, min 1. (abs gain / limit) * 0.85)

    let private cellGain (observations: Observation list) =
        observations
        |> List.groupBy _.Setting
        |> List.map (fun (_, group) -> Replicates.difference auroc Variant.recommended Variant.plain group)
        |> Replicates.average
        |> fst
        |> Replicates.values
        |> Statistics.estimate

    let private gains kappas rates (observations: Observation list) = [
        for i, kappa in List.indexed kappas do
            for j, rate in List.indexed rates do
                let gain =
                    observations
                    |> List.filter (fun o ->
                        let data = o.Setting.Data
                        data.Confounding = kappa && data.MissingRate = Some rate)
                    |> cellGain

                if gain.Count > 0 then
                    i, j, gain
    ]

    let private alt title (kappas: float list) (rates: float list) cells =
        let at pick =
            let i, j, gain = cells |> pick (fun (_, _, gain: Estimate) -> gain.Mean)

            $"{NumberText.number gain.Mean} at confounding {CellRow.number kappas[i]} and missing rate {CellRow.number rates[j]}"

        $"Gain in AUROC over confounding strength and missing rate, {title}. Largest {at List.maxBy}; smallest {at List.minBy}."

    let private panel (title, baseline) kappas rates limit (cells: (int * int * Estimate) list) =
        let plot = Style.panel title Axis.confounding.Label Axis.missingRate.Label
        plot.HideGrid()

        for i, j, estimate in cells do
            let gain = estimate.Mean
            let x, y = float i, float j
            let cell = plot.Add.Rectangle(x - 0.5, x + 0.5, y - 0.5, y + 0.5)
            cell.FillColor <- shade limit gain
            cell.LineColor <- Colors.White
            let text = plot.Add.Text(gain.ToString("+0.000;-0.000"), x, y)
            text.LabelAlignment <- Alignment.MiddleCenter
            text.LabelFontSize <- 12f

            text.LabelFontColor <-
                if abs gain > 0.8 * limit then
                    Colors.White
                else
                    Colors.Black

        Style.categories plot.Axes.Bottom (kappas |> List.map CellRow.number)
        Style.categories plot.Axes.Left (rates |> List.map CellRow.number)
        plot.Axes.SetLimits(-0.5, float (List.length kappas) - 0.5, -0.5, float (List.length rates) - 0.5)

        {
            Title = title
            Condition = "do"
            Baseline = baseline
            Plot = plot
            Points = [
                for i, j, gain in cells ->
                    {
                        Series = $"missing rate {CellRow.number rates[j]}"
                        At = $"confounding {CellRow.number kappas[i]}"
                        Estimate = gain
                    }
            ]
            Alt = alt title kappas rates cells
        }

    let private ofSlice (slice: Slice) =
        let observations =
            slice.Observations |> List.filter (fun o -> o.Setting.Condition = "do")

        let kappas = Slice.values Axis.confounding observations
        let rates = Slice.values Axis.missingRate observations

        let baselines =
            Slice.baselinesWith [ Variant.plain; Variant.recommended ] observations

        let cells =
            ((("mean over baselines", ""), gains kappas rates observations)
             :: [
                 if baselines.Length > 1 then
                     for baseline in baselines do
                         (baseline, baseline),
                         observations
                         |> List.filter (fun o -> o.Setting.Baseline = baseline)
                         |> gains kappas rates
             ])
            |> List.filter (snd >> List.isEmpty >> not)

        if cells.IsEmpty then
            None
        else
            let limit =
                cells
                |> List.collect snd
                |> List.map (fun (_, _, gain) -> abs gain.Mean)
                |> List.max
                |> max 0.01

            Some {
                Name = $"{slice.Experiment}-{slice.Data.Dataset}-phase-diagram"
                Title = "Gain of the recommended wrapping in AUROC, do test"
                Subtitle = $"Experiment {slice.Experiment}: {slice.Fixed}"
                Caption = "Paired differences recommended - plain, mean over seeds."
                Panels = [
                    for title, gains in cells do
                        panel title kappas rates limit gains
                ]
                Columns = min 3 cells.Length
                PanelSize =
                    Canvas.panelWidth (90 + 70 * max 4 kappas.Length) (min 3 cells.Length),
                    100 + 46 * max 3 rates.Length
                Legend = [
                    for label, color in [ "gain", Style.gain; "loss", Style.loss ] do
                        LegendItem(LabelText = label, FillColor = color)
                ]
            }

    /// One figure per experiment whose grid varies both numbers.
    let create (observations: Observation list) =
        Slice.along [ Axis.confounding; Axis.missingRate ] observations
        |> List.choose ofSlice
