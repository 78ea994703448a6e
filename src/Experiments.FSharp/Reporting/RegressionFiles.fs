namespace CausalDebiasing.Bench.Reporting

open System
open System.IO
open System.Text.Json
open System.Xml.Linq
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Running

/// A regression check for other programs: JSON, JUnit and what GitHub shows of it.
module RegressionFiles =
    /// One test per method and data set, in the order of the reference; what failed of it is its failure.
    let junit (reference: Reference) (comparison: Comparison) =
        let name text = XName.Get text

        let key (row: CellRow) =
            row.Dataset, RegressionTable.methodOf row

        let failures =
            comparison.Changes
            |> List.filter Regression.isFailure
            |> List.groupBy (fun change -> key change.Row)
            |> Map.ofList

        let tests = reference.Rows |> List.map key |> List.distinct

        let test (dataset, method) =
            let element =
                XElement(
                    name "testcase",
                    XAttribute(name "classname", $"regress.{dataset}"),
                    XAttribute(name "name", method)
                )

            match Map.tryFind (dataset, method) failures with
            | Some changes ->
                let lines = changes |> List.map RegressionTable.text |> String.concat "\n"
                element.Add(XElement(name "failure", XAttribute(name "message", lines.Split('\n')[0]), lines))
            | None -> ()

            element

        let version =
            if comparison.NeedsVersion then
                let element =
                    XElement(
                        name "testcase",
                        XAttribute(name "classname", "regress"),
                        XAttribute(name "name", "results version")
                    )

                element.Add(
                    XElement(
                        name "failure",
                        XAttribute(name "message", "metrics moved and the results version was not raised")
                    )
                )

                [ element ]
            else
                []

        let suite =
            XElement(
                name "testsuite",
                XAttribute(name "name", "regress"),
                XAttribute(name "tests", tests.Length + version.Length),
                XAttribute(name "failures", failures.Count + version.Length)
            )

        for element in List.map test tests @ version do
            suite.Add element

        $"{XDocument suite}\n"

    let private number value =
        if Double.IsNaN value then
            Nullable()
        else
            Nullable<float> value

    let private json (comparison: Comparison) =
        let changes =
            comparison.Changes
            |> List.map (fun change -> {|
                change = RegressionTable.word change.Kind
                fails = Regression.isFailure change
                method = RegressionTable.methodOf change.Row
                setting = RegressionTable.setting change.Row
                metric = change.Metric
                before = number change.Before
                after = number change.After
                tolerance = number change.Tolerance
                note = change.Note
            |})

        let all = {|
            passed = comparison.Passed
            compared = comparison.Compared
            needsResultsVersion = comparison.NeedsVersion
            changes = changes
        |}

        JsonSerializer.Serialize(all, JsonDialect.published) + "\n"

    /// Writes regression.md, regression.json and regression.junit.xml into a folder.
    let write folder reference comparison =
        let write file text =
            AtomicFile.writeText (Path.Combine(folder, file)) text

        write "regression.md" (RegressionTable.markdown comparison)
        write "regression.json" (json comparison)
        write "regression.junit.xml" (junit reference comparison)

    /// Annotations that a job may have without crowding others out.
    let private mostAnnotations = 10

    let private escaped (text: string) =
        text.Replace("%", "%25").Replace("\r", "%0D").Replace("\n", "%0A")

    /// What failed as lines that GitHub Actions turns into annotations, the worst first.
    let annotations (comparison: Comparison) =
        comparison.Changes
        |> List.filter Regression.isFailure
        |> List.truncate mostAnnotations
        |> List.map (fun change ->
            $"::error title={escaped (RegressionTable.methodOf change.Row)}::{escaped (RegressionTable.text change)}")
