namespace CausalDebiasing.Bench.Reporting

open System
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Measures
open ScottPlot

/// Calibration and decision curves of plain and recommended, one figure for each data set, on the test that says most about debiasing.
module PatientFigures =
    let private style variant =
        Style.variants |> List.find (fst >> (=) variant) |> snd

    let private plain, recommended = style Variant.plain, style Variant.recommended

    let private treatAll = {
        Label = "treat all"
        Color = Color.FromHex "#E69F00"
        Marker = MarkerShape.None
        Pattern = LinePattern.Dashed
    }

    let private line (plot: Plot) style (points: (float * Measured) list) =
        let xs = points |> List.map fst |> List.toArray

        let values pick =
            points |> List.map (snd >> pick) |> List.toArray

        if points |> List.forall (fun (_, value) -> not (Double.IsNaN value.Low)) then
            let band = plot.Add.FillY(xs, values _.Low, values _.High)
            band.FillColor <- style.Color.WithAlpha 0.18
            band.LineWidth <- 0f

        let drawn = plot.Add.ScatterLine(xs, values _.Value)
        drawn.Color <- style.Color
        drawn.LineWidth <- 2.2f
        drawn.LinePattern <- style.Pattern

    let private points replicates label (curve: (float * Measured) list) = [
        for x, value in curve ->
            {
                Series = label
                At = x.ToString("0.000", Globalization.CultureInfo.InvariantCulture)
                Estimate = {
                    Count = replicates
                    Mean = value.Value
                    Sd = nan
                    Low = value.Low
                    High = value.High
                }
            }
    ]

    let private panel (findings: PatientFindings) (x: string) (y: string) draw curves alt =
        let plot = Style.panel findings.Baseline x y
        draw plot

        for style, curve in curves do
            line plot style curve

        let points =
            curves
            |> List.collect (fun (style, curve) -> points findings.Replicates style.Label curve)

        {
            Title = findings.Baseline
            Condition = findings.Condition
            Baseline = findings.Baseline
            Plot = plot
            Points = points
            Alt = alt
        }

    let private curveOf (findings: VariantFindings) =
        findings.Curve
        |> Option.map (fun curve -> curve.Points |> List.map (fun point -> point.Predicted, point.Observed))
        |> Option.defaultValue []

    let private said name (findings: VariantFindings) =
        let calibration = findings.Calibration
        $"{name}: observed over expected {PatientNumbers.measured calibration.ObservedExpected}, slope {PatientNumbers.measured calibration.Slope}"

    let private calibrationPanel (findings: PatientFindings) =
        let curves =
            [ plain, curveOf findings.Plain; recommended, curveOf findings.Recommended ]
            |> List.filter (fun (_, curve) -> not curve.IsEmpty)

        let diagonal (plot: Plot) =
            let line = plot.Add.Line(0., 0., 1., 1.)
            line.Color <- Style.neutral
            line.LineWidth <- 1f
            line.LinePattern <- LinePattern.Dotted
            line.MarkerSize <- 0f

        let panel =
            panel
                findings
                "predicted risk"
                "observed risk"
                diagonal
                curves
                $"""Calibration of {findings.Baseline}. {said "Plain" findings.Plain}. {said "Recommended" findings.Recommended}."""

        let highest =
            curves
            |> List.collect snd
            |> List.collect (fun (x, observed) -> [ x; observed.Value ])
            |> List.fold max 0.1

        panel.Plot.Axes.SetLimits(0., min 1. (1.05 * highest), 0., min 1. (1.1 * highest))
        panel

    let private benefit (findings: VariantFindings) = [
        for own in findings.NetBenefits -> own.Threshold, Measured.exact own.Model.Value
    ]

    let private zero (plot: Plot) =
        let line = plot.Add.HorizontalLine 0.
        line.Color <- Colors.Black
        line.LineWidth <- 1f

    let private among (curve: (float * Measured) list) threshold =
        curve
        |> List.tryFind (fun (at, _) -> abs (at - threshold) < 1e-9)
        |> Option.map (fun (_, value) -> $"{NumberText.number value.Value} at %.0f{100. * threshold} %%")

    let private saidBenefit name curve =
        match List.choose (among curve) Classification.thresholds with
        | [] -> $"{name}: none at the stated thresholds"
        | values -> $"""{name}: {String.concat ", " values}"""

    let private decisionPanel (findings: PatientFindings) =
        let plainCurve, recommendedCurve =
            benefit findings.Plain, benefit findings.Recommended

        let all = [
            for own in findings.Plain.NetBenefits -> own.Threshold, Measured.exact own.TreatAll
        ]

        let panel =
            panel
                findings
                "threshold of risk"
                "net benefit"
                zero
                [ treatAll, all; plain, plainCurve; recommended, recommendedCurve ]
                $"""Net benefit of {findings.Baseline}. {saidBenefit "Plain" plainCurve}. {saidBenefit "Recommended" recommendedCurve}. {saidBenefit "Treat all" all}."""

        let share = PatientFindings.share findings
        let last = plainCurve |> List.last |> fst
        panel.Plot.Axes.SetLimits(0., last + 0.01, -0.25 * share, 1.1 * share)
        panel

    let private differencePanel (findings: PatientFindings) =
        let clear =
            findings.NetBenefitGain
            |> List.filter (fun (_, gain) -> gain.Low > 0. || gain.High < 0.)

        let where =
            match clear with
            | [] -> "the interval holds zero at every threshold"
            | _ ->
                $"the interval leaves out zero at {clear.Length} of {findings.NetBenefitGain.Length} thresholds"

        let panel =
            panel
                findings
                "threshold of risk"
                "recommended - plain"
                zero
                [ recommended, findings.NetBenefitGain ]
                $"""Difference in net benefit of {findings.Baseline}: {where}. {saidBenefit "Recommended minus plain" findings.NetBenefitGain}."""

        panel.Plot.Axes.SetLimitsX(0., (findings.NetBenefitGain |> List.last |> fst) + 0.01)
        panel

    let private word =
        String.map (fun letter -> if Char.IsAsciiLetterOrDigit letter then letter else '-')

    let private figure (own: PatientFindings list) name title caption legend panelOf = {
        Name = $"patients-{word own.Head.Data.Dataset}-{name}"
        Title = title
        Subtitle =
            let first = own.Head
            $"{first.Data.Dataset}, test {first.Condition}, {first.Rows} rows in {first.Replicates} replicates"
        Caption = caption
        Panels = List.map panelOf own
        Columns = 3
        PanelSize = Canvas.panelWidth 360 (min 3 own.Length), 320
        Legend = List.map Style.legendItem legend
    }

    let private ofDataset (own: PatientFindings list) =
        let calibrated =
            own
            |> List.filter (fun findings -> findings.Plain.Curve.IsSome || findings.Recommended.Curve.IsSome)

        [
            if not calibrated.IsEmpty then
                figure
                    calibrated
                    "calibration"
                    "Observed against predicted risk"
                    "A smooth curve (a restricted cubic spline of the predicted logit) with its 95 % band over patients, where 98 % of the predictions are; on the dotted line risks are right."
                    [ plain; recommended ]
                    calibrationPanel
            figure
                own
                "net-benefit"
                "Net benefit by threshold of risk"
                "True positives minus false positives times the odds of the threshold, for each row; the line at zero is to treat none. The higher line decides better at that threshold."
                [ plain; recommended; treatAll ]
                decisionPanel
            figure
                own
                "net-benefit-gain"
                "What wrapping adds to net benefit"
                "Recommended minus plain with the 95 % band over patients; above zero the wrapped model decides better."
                [ recommended ]
                differencePanel
        ]

    /// Three figures for each data set.
    let create (all: PatientFindings list) =
        all |> List.groupBy _.Data |> List.collect (snd >> ofDataset)
