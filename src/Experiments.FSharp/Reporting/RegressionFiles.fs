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
    let private name text = XName.Get text

    /// A test of a suite, with the lines of its failure if it has one; the first line is the message.
    let private testCase className test (failure: string list) =
        let element =
            XElement(name "testcase", XAttribute(name "classname", className), XAttribute(name "name", test))

        if not failure.IsEmpty then
            element.Add(
                XElement(name "failure", XAttribute(name "message", failure.Head), String.concat "\n" failure)
            )

        element

    /// One test per method and data set, in the order of the reference; what failed of it is its failure.
    let junit (reference: Reference) (comparison: Comparison) =
        let key (row: CellRow) =
            row.Dataset, RegressionTable.methodOf row

        let failures =
            comparison.Changes
            |> List.filter Regression.isFailure
            |> List.groupBy (fun change -> key change.Row)
            |> Map.ofList

        let tests = [
            for dataset, method in reference.Rows |> List.map key |> List.distinct do
                Map.tryFind (dataset, method) failures
                |> Option.defaultValue []
                |> List.map RegressionTable.text
                |> testCase $"regress.{dataset}" method
            if comparison.NeedsVersion then
                testCase "regress" "results version" [
                    "metrics moved and the results version was not raised"
                ]
            elif comparison.IsOutdated then
                testCase "regress" "results version" [ "the blessed metrics are of another results version" ]
        ]

        let failed = tests |> List.filter (fun test -> test.HasElements) |> List.length

        let suite =
            XElement(
                name "testsuite",
                XAttribute(name "name", "regress"),
                XAttribute(name "tests", tests.Length),
                XAttribute(name "failures", failed)
            )

        tests |> List.iter suite.Add
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
            isOutdated = comparison.IsOutdated
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
