module CausalDebiasing.Tests.Cli.ProgressTests

open System
open System.IO
open Expecto
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Cli.Commands
open CausalDebiasing.Tests.Support

[<Tests>]
let tests =
    testList "progress" [
        testCase "says how far a run is and how long it may still take"
        <| fun () ->
            let state: Progress.State = {
                Total = 96
                Finished = 12
                Failed = 1
                Elapsed = TimeSpan.FromSeconds 35.
            }

            Expect.equal
                (Progress.describe state)
                "12/96 cells, 1 failed, 0:35 elapsed, about 4:05 left"
                "under way"

            Expect.equal
                (Progress.describe { state with Finished = 96; Failed = 0 })
                "96/96 cells, 0:35 elapsed"
                "at the end"

        testCase "the test runner's summary becomes the closing line"
        <| fun () ->
            let summary =
                "[22:27:47 INF] EXPECTO! 39 tests run in 00:00:03 for all – 36 passed, 1 ignored, 1 failed, 1 errored.  <Expecto>"

            Expect.equal (RunTests.counts summary) (Some "36 passed, 2 failed, 1 skipped") "counts"
            Expect.equal (RunTests.counts "3 passed") None "another line"
            let large = "1,493 tests run – 1,491 passed, 0 ignored, 1 failed, 1 errored."
            Expect.equal (RunTests.counts large) (Some "1491 passed, 2 failed") "thousands"

        testCase "the slowest tests of the runner's summary come first"
        <| fun () ->
            TempFolder.withFolder
            <| fun folder ->
                let summary = Path.Combine(folder, "summary.xml")

                File.WriteAllText(
                    summary,
                    """<testsuites><testsuite name="all">
<testcase name="quick" time="0.004" />
<testcase name="slow" time="12.34"><failure message="a &lt; b" /></testcase>
<testcase name="left out" time="0.000"><skipped message="" /></testcase>
</testsuite></testsuites>"""
                )

                Expect.equal
                    (SlowestTests.lines 2 summary)
                    [ "    12.3 s  slow"; "     0.0 s  quick" ]
                    "two of them"

                File.WriteAllText(summary, "<testsuites><testcase")
                Expect.isEmpty (SlowestTests.lines 2 summary) "cut short"
                File.Delete summary
                Expect.isEmpty (SlowestTests.lines 2 summary) "none"
    ]
