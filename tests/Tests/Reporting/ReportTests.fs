module CausalDebiasing.Tests.Reporting.ReportTests

open System
open System.IO
open System.Text
open System.Text.RegularExpressions
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Reporting
open CausalDebiasing.Tests.Support
open Expecto

let private published =
    lazy
        (let folder = Directory.CreateTempSubdirectory("report-").FullName
         AppDomain.CurrentDomain.ProcessExit.Add(fun _ -> Directory.Delete(folder, true))
         let run = Path.Combine(folder, "spring run")

         let environment = [
             "Profile", "quick"
             "StartedUtc", "2026-03-01T10:00:00Z"
             "Command", "reproduce --out '/home/somebody/secret place/run' --data-root /mnt/share/data"
         ]

         Publish.all run (SyntheticResults.run.Force()) environment [] |> ignore
         run)

let private html =
    lazy File.ReadAllText(Path.Combine(published.Value, "report.html"))

let private count (pattern: string) =
    Regex.Matches(html.Value, pattern).Count

let private row dataset isRecorded values = {
    Dataset = dataset
    Label = ""
    IsRecorded = isRecorded
    IsPart = false
    Condition = if isRecorded then "id" else "do"
    Baselines = 2
    Gain = Statistics.estimate values
}

let private recommendation rows =
    String.Join("\n", PlainWords.recommendations rows)

let private advice values =
    recommendation [ row "wards" true values ]

[<Tests>]
let tests =
    testSequenced (
        testList "Report" [
            test
                "the first screen has name, date, profile, a paragraph, the recommendation and the forest plot" {
                let first = html.Value.Substring(0, html.Value.IndexOf "<nav")

                for part in
                    [
                        "<h1>spring run</h1>"
                        "2026-03-01"
                        "profile quick"
                        "id=\"summary\""
                        "Recommendation"
                        "class=\"forest\""
                        "physionet2012"
                    ] do
                    Expect.stringContains first part "first screen"

                Expect.equal
                    (count "<table class=\"forest\"")
                    (1 + count "more settings</summary>")
                    "one plot"
            }

            test "no absolute path is shown" {
                for path in [ "/home/"; "/mnt/"; "secret place/"; published.Value ] do
                    Expect.isFalse (html.Value.Contains path) path

                Expect.stringContains html.Value "--data-root data" "the name is"
            }

            test "claims that do not apply are folded, the others are not" {
                let folded =
                    html.Value.Substring(html.Value.IndexOf "about settings that were not run")

                let before = html.Value.Substring(0, html.Value.Length - folded.Length)
                Expect.isFalse (before.Contains "badge not-tested") "above"
                Expect.stringContains folded "badge not-tested" "folded"
                Expect.isFalse (folded.Contains "badge supported") "all others are above"
            }

            test "tables have captions, headers have a scope and scroll boxes are reached by keys" {
                Expect.equal (count "<table") (count "<caption") "captions"
                Expect.equal (count "<th[ >]") (count "<th [^>]*scope=\"(col|row|rowgroup)\"") "scope"

                Expect.equal
                    (count "class=\"scroll\"")
                    (count "class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"[^\"]+\"")
                    "keys"

                Expect.equal (count "<main>") 1 "main"
                Expect.stringContains html.Value "<html lang=\"en\">" "language"
                Expect.stringContains html.Value "prefers-color-scheme" "dark"
                Expect.stringContains html.Value "width=device-width" "phone"
            }

            test "every link within the page has a target, and no name is there twice" {
                let ids = [ for m in Regex.Matches(html.Value, " id=\"([^\"]+)\"") -> m.Groups[1].Value ]
                Expect.equal (List.distinct ids) ids "once"

                for link in Regex.Matches(html.Value, "href=\"#([^\"]+)\"") do
                    Expect.contains ids link.Groups[1].Value "target"
            }

            test "alternative texts say what is seen" {
                let alts = [ for m in Regex.Matches(html.Value, " alt=\"([^\"]*)\"") -> m.Groups[1].Value ]
                Expect.isNonEmpty alts "pictures"

                for alt in alts do
                    Expect.isMatch alt "[0-9]\\.[0-9]{3}" "numbers"

                Expect.exists
                    alts
                    (fun alt ->
                        Regex.IsMatch(
                            alt,
                            "do test.*plain falls from 0\\.\\d+ at confounding.* 0 to 0\\.\\d+ at 1"
                        ))
                    "the plain curve falls with confounding"
            }

            test "figures carry their data" {
                let links = [
                    for m in Regex.Matches(html.Value, "href=\"data:text/csv;base64,([^\"]+)\"") ->
                        Encoding.UTF8.GetString(Convert.FromBase64String m.Groups[1].Value)
                ]

                Expect.hasLength links (1 + count "<figure>") "one each, and the forest plot's"

                let file =
                    Path.Combine(published.Value, "figures", "phase-acquisition-phase-diagram.csv")

                Expect.contains links (File.ReadAllText file) "as the file has them"
            }

            test "baselines stand side by side in every setting" {
                let table = SideBySide.table (Observation.ofResults (SyntheticResults.run.Force()))

                let of' baseline =
                    table.Rows
                    |> List.filter (fun row -> row.Baseline = baseline)
                    |> List.map (fun row -> row.Cells.Tail |> List.truncate 3)

                for baseline in [ "mt"; "muse"; "lightgbm" ] do
                    Expect.equal (of' baseline) (of' "zero-fill-mlp") "the same settings"

                // 4 confounding strengths, 3 of missingness and 12 of the grid, of which one is the same, by 3 tests; recorded data by one.
                Expect.hasLength (of' "mt") (18 * 3 + 1) "settings and tests"
                Expect.all table.Rows (fun row -> row.Cells.Length = table.Columns.Length) "cells"
            }

            test "where the ceiling is not above plain there is no gap, not a negative one" {
                let results = [
                    for seed in 1..3 do
                        for variant, auroc in
                            [ Variant.plain, 0.80; Variant.recommended, 0.79; Variant.ceiling, 0.797 ] do
                            "one",
                            SyntheticResults.cell
                                (SyntheticResults.world "acquisition" 0. 0. seed)
                                "mt"
                                variant
                                "do"
                                auroc
                ]

                let row = (SideBySide.table (Observation.ofResults results)).Rows |> List.exactlyOne
                Expect.contains row.Cells "no gap" "gap"
            }

            test "a run is shown once though two experiments list it" {
                let results = SyntheticResults.run.Force()
                let twice = results @ (results |> List.map (fun (_, result) -> "again", result))

                Expect.equal
                    (SideBySide.table (Observation.ofResults twice))
                    (SideBySide.table (Observation.ofResults results))
                    "same"
            }

            test "recommendations follow the interval" {
                Expect.stringContains (advice [ 0.02; 0.021; 0.022 ]) "wrap as recommended" "gain"
                Expect.stringContains (advice [ -0.02; -0.021; -0.022 ]) "keep the plain model" "loss"
                Expect.stringContains (advice [ 0.; 0.001; -0.001 ]) "either" "no harm"
                Expect.stringContains (advice [ 0.1; -0.1; 0. ]) "undecided: the interval" "wide"
                Expect.stringContains (advice [ 0.1 ]) "one test set" "no interval"
                Expect.stringContains (recommendation []) "None" "nothing to compare"

                Expect.stringContains
                    (recommendation [ row "acquisition" false [ -0.02; -0.021 ] ])
                    "Do not wrap without a look"
                    "a loss in a world"
            }

            test "columns that say nothing are left out" {
                let seen =
                    Observation.ofResults [
                        for variant, auroc in [ Variant.plain, 0.7; Variant.recommended, 0.72 ] do
                            "one",
                            SyntheticResults.cell (SyntheticResults.physionet 1) "mt" variant "id" auroc
                    ]

                Expect.equal
                    ((SideBySide.table seen).Columns |> List.map fst)
                    [
                        "baseline"
                        "test"
                        "plain"
                        "recommended"
                        "recommended - plain [95 %]"
                        "wins/ties/losses"
                        "seeds"
                    ]
                    "one data set, one seed, no ceiling"
            }

            test "one site left out, and the mean over them, have a row each" {
                let at site = {
                    SyntheticResults.physionet 1 with
                        Dataset = $"wards@site:{site}"
                }

                let results = [
                    for site, gain in [ "a", 0.01; "b", 0.03 ] do
                        for variant, auroc in [ Variant.plain, 0.7; Variant.recommended, 0.7 + gain ] do
                            "sites", SyntheticResults.cell (at site) "mt" variant $"site:{site}" auroc
                ]

                let seen = Observation.ofResults results
                let rows = GainTable.rows (ClinicalComparison.all seen) seen

                Expect.equal
                    (rows
                     |> List.map (fun row -> row.Label, row.IsPart, Math.Round(row.Gain.Mean, 6)))
                    [ "site left out", false, 0.02; "a", true, 0.01; "b", true, 0.03 ]
                    "rows"
            }

            test "paths are shown by their last name, and other text is left alone" {
                for text, expected in
                    [
                        "--out /tmp/h/run1", "--out run1"
                        "'/a b/c d/run 2' is there", "'run 2' is there"
                        @"C:\Users\me\run3", "run3"
                        "~/data/x.json@site:va", "x.json@site:va"
                        "wins/ties/losses 0.7/0.8 (a / b) https://example.org/a/b",
                        "wins/ties/losses 0.7/0.8 (a / b) https://example.org/a/b"
                    ] do
                    Expect.equal (ShownText.byName text) expected text
            }

            test "vector pictures scale, their text can be edited and no line is a hairline" {
                for path in Directory.GetFiles(Path.Combine(published.Value, "figures"), "*.svg") do
                    let svg = File.ReadAllText path
                    Expect.isMatch svg "<svg [^>]*viewBox=\"0 0 \\d+ \\d+\"" "viewBox"
                    Expect.isMatch svg "<text[^>]*>\\s*\\w" "text"

                    Expect.isFalse
                        (Regex.IsMatch(svg, "<text[^>]* [xy]=\"[^\"]*,"))
                        "letters placed by themselves"

                    for width in Regex.Matches(svg, "stroke-width=\"([^\"]+)\"") do
                        Expect.isGreaterThanOrEqual
                            (Double.Parse(width.Groups[1].Value, Globalization.CultureInfo.InvariantCulture))
                            0.75
                            "line"

                    for line in Regex.Matches(svg, "<(path|line)[^>]* stroke=\"[^\"]*\"[^>]*>") do
                        Expect.stringContains line.Value "stroke-width" "a width of its own"
            }

            test "ranks and trends of the run" {
                let seen = Observation.ofResults (SyntheticResults.run.Force())
                let ranks = Expect.wantSome (RankTable.create Map.empty seen) "ranks"
                Expect.equal ranks.Methods.Head.Variant Variant.recommended "wrapping wins on the do test"
                Expect.hasLength ranks.Methods 8 "four baselines, plain and recommended"

                let trends = TrendTable.rows seen

                let growth =
                    trends
                    |> List.find (fun row -> row.Axis = Axis.confounding.Label && row.Baseline = "")
                // Of a penalty of 0.09 for each unit of confounding nine tenths are undone.
                Expect.isLessThan (abs (growth.Trend.Slope.Mean - 0.081)) 0.01 "slope"
                Expect.isLessThan growth.Trend.P 0.05 "p"

                let flat =
                    trends
                    |> List.find (fun row -> row.Axis = Axis.missingRate.Label && row.Baseline = "")

                Expect.isLessThan (abs flat.Trend.Slope.Mean) 0.01 "no trend over the missing rate"
                Expect.equal flat.AreaGain.Count 3 "area by seed"
            }

            test "the page says how far the p of a trend is exact" {
                Expect.stringContains
                    html.Value
                    $"exact up to {Trend.mostPermuted} values and by the normal approximation above"
                    "Page's test"
            }

            test "the report is small" {
                Expect.isLessThan
                    (FileInfo(Path.Combine(published.Value, "report.html")).Length)
                    (4L * 1024L * 1024L)
                    "4 MiB"
            }
        ]
    )
