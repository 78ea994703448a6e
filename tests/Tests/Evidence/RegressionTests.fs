module CausalDebiasing.Tests.Evidence.RegressionTests

open System.IO
open System.Text.Json
open System.Xml.Linq
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Reporting
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support
open Expecto

let private results change = [
    for seed in 1..3 do
        for variant in [ Variant.plain; Variant.recommended ] do
            "smoke",
            SyntheticResults.cell
                (SyntheticResults.world "acquisition" 0.7 0. seed)
                "mt"
                variant
                "do"
                (change (Variant.name variant) seed (0.7 + 0.005 * float seed))
]

let private unchanged _ _ auroc = auroc
let private rows change = CellRow.ofResults (results change)

let private reference = {
    Rows = rows unchanged
    Tolerances = Tolerance.measure (rows unchanged)
    ResultsVersion = None
}

let private compare change =
    Regression.compare reference (rows change)

[<Tests>]
let tests =
    testList "Regression" [
        test "equal results pass without changes" {
            let comparison = compare unchanged
            Expect.isTrue comparison.Passed "passed"
            Expect.isEmpty comparison.Changes "nothing moved"
            Expect.equal comparison.Compared 6 "rows"
        }

        test "tolerances come from the spread over seeds and have a floor" {
            let tolerance metric =
                (reference.Tolerances
                 |> List.find (fun t -> t.Metric = metric && t.Variant = "plain"))
                    .Tolerance

            // AUROC differs by 0.005 per seed, so its standard deviation is 0.005; the Brier score's is 0.001.
            Expect.floatClose Accuracy.high (tolerance "auroc") 0.01 "two standard deviations"
            Expect.equal (tolerance "brier") Tolerance.floor "the floor"

            let wide = Tolerance.measure (rows (fun _ seed auroc -> auroc + 0.1 * float seed))

            Expect.floatClose Accuracy.high wide.Head.Tolerance 0.21 "wide spread"
        }

        test "metrics that moved need another results version, better ones too" {
            let better _ _ auroc = auroc + 0.02

            let compare version change =
                Regression.compareAt
                    5
                    {
                        reference with
                            ResultsVersion = version
                    }
                    (rows change)

            let same = compare (Some 5) better
            Expect.isTrue same.NeedsVersion "not raised"
            Expect.isFalse same.Passed "fails"

            for version, isOutdated in [ Some 4, true; None, false ] do
                let raised = compare version better
                Expect.isFalse raised.NeedsVersion "raised, or unknown"
                Expect.equal raised.IsOutdated isOutdated "is to be blessed"
                Expect.equal raised.Passed (not isOutdated) "better passes, and an old reference does not"

            Expect.isFalse (compare (Some 4) unchanged).Passed "an old reference, though nothing moved"

            Expect.isTrue (compare (Some 5) unchanged).Passed "nothing moved"
        }

        test "moved metrics are blessed under another results version only" {
            TempFolder.withFolder (fun folder ->
                let better _ _ auroc = auroc + 0.02
                Regression.blessAt 5 folder (rows unchanged)
                Expect.equal (Regression.load folder).ResultsVersion (Some 5) "written down"
                Regression.blessAt 5 folder (rows unchanged)

                Expect.stringContains
                    (InputErrors.message (fun () -> Regression.blessAt 5 folder (rows better)))
                    "raise it first"
                    "refused"

                Regression.blessAt 6 folder (rows better)
                Expect.equal (Regression.load folder).ResultsVersion (Some 6) "raised")
        }

        test "noise below the tolerance passes" {
            Expect.isTrue (compare (fun _ _ auroc -> auroc - 0.004)).Passed "passed"
        }

        test "a flipped sign of the predictions fails, worst first" {
            let comparison =
                compare (fun variant seed auroc ->
                    if variant = "recommended" && seed = 2 then
                        1. - auroc
                    else
                        auroc - 0.011)

            Expect.isFalse comparison.Passed "failed"
            let worst = comparison.Changes.Head
            Expect.equal (worst.Kind, worst.Row.Seed, worst.Row.Variant) (Worse, 2, "recommended") "worst"
            Expect.isGreaterThan comparison.Changes.Length 1 "and the others"
        }

        test "an error measure that rises is worse" {
            let fresh =
                rows unchanged
                |> List.map (fun row -> {
                    row with
                        LogLoss = row.LogLoss + 0.03
                })

            let comparison = Regression.compare reference fresh
            Expect.isFalse comparison.Passed "failed"

            Expect.all
                comparison.Changes
                (fun change -> change.Metric = "log_loss" && change.Kind = Worse)
                "log loss"
        }

        test "a small gain is reported and passes, a suspicious one fails" {
            let small = compare (fun _ _ auroc -> auroc + 0.03)
            Expect.isTrue small.Passed "passed"
            Expect.exists small.Changes (fun change -> change.Kind = Better) "reported"
            let large = compare (fun _ _ auroc -> auroc + 0.2)
            Expect.isFalse large.Passed "failed"
            Expect.equal large.Changes.Head.Kind Suspicious "too good"
        }

        test "a metric that is no longer defined fails" {
            Expect.isFalse (compare (fun _ _ _ -> nan)).Passed "failed"
        }

        test "a vanished cell fails, a broken one says why, a new one passes" {
            let all = results unchanged
            let missing = Regression.compare reference (CellRow.ofResults all.Tail)
            Expect.isFalse missing.Passed "vanished"
            Expect.equal missing.Changes.Head.Kind Vanished "vanished"

            let broken =
                ("smoke",
                 SyntheticResults.failed
                     (SyntheticResults.world "acquisition" 0.7 0. 1)
                     "mt"
                     Variant.plain
                     "out of memory")
                :: all.Tail

            let failed = Regression.compare reference (CellRow.ofResults broken)
            Expect.isFalse failed.Passed "broken"
            Expect.equal failed.Changes.Head.Kind Broken "broken"
            Expect.stringContains failed.Changes.Head.Note "out of memory" "reason"

            let added =
                ("smoke",
                 SyntheticResults.cell
                     (SyntheticResults.world "acquisition" 0.7 0. 9)
                     "mt"
                     Variant.plain
                     "do"
                     0.7)
                :: all

            let extended = Regression.compare reference (CellRow.ofResults added)
            Expect.isTrue extended.Passed "new"
            Expect.equal (extended.Changes |> List.map _.Kind) [ New ] "new"
        }

        test "other programs read what failed, by method and with its setting" {
            TempFolder.withFolder (fun folder ->
                let comparison =
                    compare (fun variant seed auroc ->
                        if variant = "recommended" && seed = 2 then
                            auroc - 0.3
                        else
                            auroc)

                RegressionFiles.write folder reference comparison

                let read name =
                    File.ReadAllText(Path.Combine(folder, name))

                let suite = (XDocument.Parse(read "regression.junit.xml")).Root |> nonNull
                let named (name: string) = XName.Get name

                let text (element: XElement) name =
                    string (nonNull (element.Attribute(named name))).Value

                Expect.equal (text suite "tests", text suite "failures") ("2", "1") "two methods, one fails"
                let failure = suite.Descendants(named "failure") |> Seq.exactlyOne
                Expect.equal (text (nonNull failure.Parent) "name") "mt recommended" "which one"
                Expect.stringContains failure.Value "seed 2" "the setting"
                Expect.stringContains failure.Value "auroc 0.710 -> 0.410" "and what moved"

                use json = JsonDocument.Parse(read "regression.json")
                Expect.isFalse (json.RootElement.GetProperty("passed").GetBoolean()) "failed"
                Expect.stringContains (read "regression.md") "| worse" "a table"
                let annotation = RegressionFiles.annotations comparison |> List.head
                Expect.stringStarts annotation "::error title=mt recommended::worse: au" "for GitHub"

                RegressionFiles.write folder reference (compare unchanged)

                Expect.isFalse
                    ((read "regression.junit.xml").Contains "<failure")
                    "nothing moved, nothing fails")
        }

        test "what is blessed is the reference that is loaded" {
            let folder = Directory.CreateTempSubdirectory "regression"

            try
                Expect.throwsT<InputException>
                    (fun () -> Regression.load folder.FullName |> ignore)
                    "none yet"

                Regression.bless folder.FullName reference.Rows
                let loaded = Regression.load folder.FullName
                Expect.equal loaded.Tolerances reference.Tolerances "tolerances"
                let comparison = Regression.compare loaded reference.Rows
                Expect.isEmpty comparison.Changes "bit-equal"

                let unfinished =
                    CellRow.ofResults [
                        "smoke",
                        SyntheticResults.failed (SyntheticResults.physionet 1) "mt" Variant.plain "no"
                    ]

                Expect.throwsT<InputException>
                    (fun () -> Regression.bless folder.FullName unfinished)
                    "failed cells"

                Expect.throwsT<InputException> (fun () -> Regression.bless folder.FullName []) "nothing"
                File.WriteAllText(Path.Combine(folder.FullName, "tolerances.json"), "{")

                Expect.throwsT<InputException>
                    (fun () -> Regression.load folder.FullName |> ignore)
                    "damaged tolerances"
            finally
                folder.Delete true
        }
    ]
