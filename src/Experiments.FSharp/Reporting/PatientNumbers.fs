namespace CausalDebiasing.Bench.Reporting

open System
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Measures

/// Tables of what predictions are worth to whoever decides by them, for the report and for measures.md.
type PatientTable = {
    /// Names its files.
    Name: string
    Title: string
    /// Name, and whether it holds numbers.
    Columns: (string * bool) list
    Rows: TableRow list
    Note: string
}

module PatientNumbers =
    /// A number with its interval, to two decimals, which is what patients tell.
    let measured (value: Measured) =
        let text (number: float) =
            if Double.IsNaN number then
                "-"
            else
                number.ToString("0.00", Globalization.CultureInfo.InvariantCulture)

        if not (Measured.isDefined value) then
            "-"
        elif Double.IsNaN value.Low then
            text value.Value
        else
            $"{text value.Value} [{text value.Low}, {text value.High}]"

    /// A difference with its interval.
    let difference (value: Measured) =
        if Measured.isDefined value then
            NumberText.interval {
                Count = 0
                Mean = value.Value
                Sd = nan
                Low = value.Low
                High = value.High
            }
        else
            "-"

    let private row (findings: PatientFindings) cells = {
        Condition = findings.Condition
        Baseline = findings.Baseline
        IsMean = false
        Cells = [ findings.Baseline; findings.Data.Dataset; findings.Condition ] @ cells
    }

    let private identity =
        List.map (fun name -> name, false) [ "baseline"; "data set"; "test" ]

    let private numbers = List.map (fun name -> name, true)

    let private index (findings: VariantFindings) =
        findings.Curve
        |> Option.map (fun curve -> NumberText.number curve.MeanDistance)
        |> Option.defaultValue "-"

    /// Calibration of plain and recommended.
    let calibration (all: PatientFindings list) = {
        Name = "calibration"
        Title = "Calibration, plain and recommended"
        Columns =
            identity
            @ numbers [
                "rows"
                "events"
                "O/E plain"
                "O/E recommended"
                "intercept plain"
                "intercept recommended"
                "slope plain"
                "slope recommended"
                "index plain"
                "index recommended"
            ]
        Rows = [
            for own in all ->
                row own [
                    string own.Rows
                    string own.Events
                    measured own.Plain.Calibration.ObservedExpected
                    measured own.Recommended.Calibration.ObservedExpected
                    measured own.Plain.Calibration.Intercept
                    measured own.Recommended.Calibration.Intercept
                    measured own.Plain.Calibration.Slope
                    measured own.Recommended.Calibration.Slope
                    index own.Plain
                    index own.Recommended
                ]
        ]
        Note =
            "O/E: observed over expected events, 1 is right. Intercept: calibration in the large, 0 is right, above 0 risks are underestimated. Slope: 1 is right, below 1 predictions are too extreme. Index: mean distance of the smooth curve from the diagonal. Intervals: 95 % over patients."
    }

    /// Calibration of the recommended variant before and after its recalibration on validation outcomes.
    let recalibration (all: PatientFindings list) = {
        Name = "recalibration"
        Title = "Calibration of recommended, before and after recalibration"
        Columns =
            identity
            @ numbers [
                "O/E before"
                "O/E after"
                "intercept before"
                "intercept after"
                "slope before"
                "slope after"
            ]
        Rows = [
            for own in all do
                match own.BeforeRecalibration with
                | None -> ()
                | Some before ->
                    let after = own.Recommended.Calibration

                    row own [
                        measured before.ObservedExpected
                        measured after.ObservedExpected
                        measured before.Intercept
                        measured after.Intercept
                        measured before.Slope
                        measured after.Slope
                    ]
        ]
        Note =
            "Before: the same predictions without slope, intercept and share of the pattern's log odds that were fitted on validation outcomes."
    }

    let private gainAt (findings: PatientFindings) threshold =
        findings.NetBenefitGain
        |> List.tryFind (fun (at, _) -> abs (at - threshold) < 1e-9)
        |> Option.map (snd >> difference)
        |> Option.defaultValue "-"

    /// What wrapping changes: AUROC, and net benefit at the stated thresholds.
    let gains (all: PatientFindings list) = {
        Name = "gains"
        Title = "Gain by wrapping as recommended, with intervals over patients"
        Columns =
            identity
            @ numbers [
                "patients"
                "AUROC, bootstrap [95 %]"
                "AUROC, DeLong [95 %]"
                for threshold in Classification.thresholds do
                    $"net benefit at %.0f{100. * threshold} %%"
            ]
        Rows = [
            for own in all ->
                row
                    own
                    ([ string own.Patients; difference own.Gain; difference own.GainByDeLong ]
                     @ List.map (gainAt own) Classification.thresholds)
        ]
        Note =
            $"Recommended minus plain, for the same rows. AUROC is averaged over replicates; patients are drawn with replacement, {PatientBootstrap.resamples} times, each with all of its rows. Net benefit: true positives minus false positives times the odds of the threshold, for each row; a dash where hardly any risk is as high. These intervals hold for the worlds, splits and models that were run; what seeds add is in the tables above."
    }

    let private kindName =
        function
        | "modalities" -> "number of modalities"
        | "pattern" -> "modalities measured"
        | kind -> kind

    let private groupRow (findings: PatientFindings) (plain: Subgroup option) (own: Subgroup) =
        let before pick =
            plain |> Option.map pick |> Option.defaultValue "-"

        row findings [
            kindName own.Kind
            own.Name
            string own.Patients
            string own.Rows
            string own.Events
            before (fun group -> measured group.Auroc)
            measured own.Auroc
            before (fun group -> measured group.Calibration.Slope)
            measured own.Calibration.Slope
            before (fun group -> measured group.Calibration.ObservedExpected)
            measured own.Calibration.ObservedExpected
            before (fun group -> NumberText.number group.NetBenefit.Model.Value)
            NumberText.number own.NetBenefit.Model.Value
        ]

    let private gapRow (findings: PatientFindings) (plain: SubgroupKind) (own: SubgroupKind) =
        let suppressed =
            if own.Suppressed = 0 then
                ""
            else
                $", {own.Suppressed} too small to show"

        {
            row findings [
                kindName own.Kind
                $"worst gap of {own.Groups.Length}{suppressed}"
                ""
                ""
                ""
                NumberText.number plain.WorstAurocGap
                NumberText.number own.WorstAurocGap
                ""
                ""
                NumberText.number plain.WorstObservedExpectedGap
                NumberText.number own.WorstObservedExpectedGap
                ""
                ""
            ] with
                IsMean = true
        }

    /// Subgroups by site, missingness pattern and number of modalities, and by what else is recorded, with the widest gap of each kind.
    let subgroups (all: PatientFindings list) = {
        Name = "subgroups"
        Title = "Subgroups, plain and recommended"
        Columns =
            identity
            @ [ "by", false; "group", false ]
            @ numbers [
                "patients"
                "rows"
                "events"
                "AUROC plain"
                "AUROC recommended"
                "slope plain"
                "slope recommended"
                "O/E plain"
                "O/E recommended"
                "net benefit plain"
                "net benefit recommended"
            ]
        Rows = [
            for findings in all do
                for plain, own in List.zip findings.Plain.Subgroups findings.Recommended.Subgroups do
                    if not own.Groups.IsEmpty then
                        gapRow findings plain own

                        for group in own.Groups do
                            let before = plain.Groups |> List.tryFind (fun other -> other.Name = group.Name)

                            groupRow findings before group
        ]
        Note =
            "A group in which fewer than ten patients have the event, or fewer than ten are without, is not shown. Net benefit is at the share of events of the whole test as threshold. The worst gap is the largest minus the smallest value over the groups that are shown."
    }

    /// What so many training rows can carry by the criteria of Riley, for each data set; `trainRows` gives those of a comparison.
    let sampleSizes (trainRows: PatientFindings -> int) (all: PatientFindings list) = {
        Name = "sample-size"
        Title = "Sample size by the criteria of Riley and others"
        Columns =
            [ "data set", false ]
            @ numbers [
                "training rows"
                "share of events"
                "events"
                "parameters the rows can carry"
                "events for each parameter"
            ]
        Rows = [
            for dataset, own in all |> List.groupBy _.Data.Dataset do
                let share = PatientFindings.share own.Head

                if share > 0. && share < 1. then
                    let rows = trainRows own.Head
                    let carried = SampleSize.carried rows (SampleSize.expectedR2 share) share
                    let events = share * float rows

                    TableRow.always [
                        dataset
                        string rows
                        NumberText.number share
                        $"%.0f{events}"
                        string carried
                        (if carried = 0 then "-" else $"%.1f{events / float carried}")
                    ]
        ]
        Note =
            "So many candidate parameters a regression model can have that its shrinkage is at least 0.9 and the optimism of R2 at most 0.05, where R2 is 15 % of the largest that is possible, as is advised where nothing is known of it. The share of events is that of the rows tested. Networks and trees need more rows for each parameter."
    }

    /// Means over the replicates of a variant in a setting.
    let private mean (pick: TestMeasures -> float) (tests: TestMeasures list) =
        tests
        |> List.map pick
        |> List.filter (Double.IsNaN >> not)
        |> Statistics.mean
        |> NumberText.number

    let private benefitColumns = [
        for number, threshold in List.indexed Classification.thresholds ->
            $"%.0f{100. * threshold} %%", (fun (test: TestMeasures) -> test.NetBenefits[number].Model.Value)
    ]

    let private testColumns: (string * (TestMeasures -> float)) list =
        [
            "O/E", _.Calibration.ObservedExpected.Value
            "intercept", _.Calibration.Intercept.Value
            "slope", _.Calibration.Slope.Value
            "index", _.CurveDistance
        ]
        @ [ for name, pick in benefitColumns -> $"net benefit at {name}", pick ]

    /// Calibration and net benefit of every baseline and variant in every setting and test, as means over replicates. `measures`
    /// are those of a cell's test.
    let byTest (measures: string * string -> TestMeasures option) (observations: Observation list) =
        let once =
            observations
            |> List.distinctBy (fun seen -> seen.CellId, seen.Setting.Condition)
            |> List.choose (fun seen ->
                measures (seen.CellId, seen.Setting.Condition)
                |> Option.map (fun found -> seen, found))

        let setting =
            SettingName.among (once |> List.map (fun (seen, _) -> seen.Setting.Data) |> List.distinct)

        {
            Name = "by-test"
            Title = "Calibration and net benefit by test, means over replicates"
            Columns =
                List.map (fun name -> name, false) [ "baseline"; "variant"; "data set"; "setting"; "test" ]
                @ numbers ("replicates" :: List.map fst testColumns)
            Rows = [
                for (own, variant), group in
                    once
                    |> List.groupBy (fun (seen, _) -> seen.Setting, seen.Variant)
                    |> List.sortBy fst do
                    let tests = List.map snd group

                    {
                        Condition = own.Condition
                        Baseline = own.Baseline
                        IsMean = false
                        Cells =
                            [
                                own.Baseline
                                Variant.name variant
                                own.Data.Dataset
                                setting own.Data
                                own.Condition
                                string tests.Length
                            ]
                            @ [ for _, pick in testColumns -> mean pick tests ]
                    }
            ]
            Note =
                "id: as in training; do and reversed: with the biases taken out or turned round; site:NAME: patients of one site. measures.csv has these and sensitivity, specificity and positive predictive value, cell by cell, with intervals over patients."
        }
