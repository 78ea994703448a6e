module CausalDebiasing.Tests.Reporting.ReportRegimesTests

open System.IO
open System.Text.Json
open System.Text.RegularExpressions
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Reporting
open CausalDebiasing.Tests.Support
open Expecto

/// Confounding of which recommended undoes four fifths, IRM a half, and data without bias in which it gains a little, now more and
/// now less than nothing.
let private results = [
    for confounding, recommended in
        [ 0.7, (fun _ -> 0.78); 0., (fun seed -> 0.701 + 0.02 * float (seed - 2)) ] do
        for seed in 1..3 do
            for variant, auroc in
                [
                    Variant.plain, 0.7
                    Variant.preset "irm", 0.75
                    Variant.recommended, recommended seed
                    Variant.ceilingAugmented, 0.8
                ] do
                "recommended-evidence",
                SyntheticResults.cell (SyntheticResults.confounded confounding seed) "mt" variant "do" auroc
]

/// The report and claims.json of results.
let private publish results =
    let folder = Directory.CreateTempSubdirectory("report-regimes-").FullName

    try
        let report = Publish.all folder results [] []
        File.ReadAllText report, File.ReadAllText(Path.Combine(folder, "claims.json"))
    finally
        Directory.Delete(folder, true)

let private published = lazy (publish results)
let private unrelated = lazy (publish [])

/// The text of a section.
let private part id (html: string) =
    Regex.Match(html, $"<section id=\"{id}\".*?</section>", RegexOptions.Singleline).Value

let private regimeEntries (json: string) =
    use document = JsonDocument.Parse json

    [
        for entry in document.RootElement.EnumerateArray() do
            if (nonNull (entry.GetProperty("id").GetString())).StartsWith "regime: " then
                entry.Clone()
    ]

[<Tests>]
let tests =
    testList "Report of regimes" [
        test "targets and remedies are open sections with their rows" {
            let regimes, remedies =
                part "regimes" (fst published.Value), part "remedies" (fst published.Value)

            for text in
                [
                    "<details open"
                    "confounding, kappa 0.7"
                    "no bias, severity-linked missingness"
                    ">open<"
                    ">no<"
                    "Targets: 1 missed, 1 open."
                ] do
                Expect.stringContains regimes text "regimes"

            for text in [ "<details open"; "irm"; "0.750"; "data-b=\"mt\""; "2 of 2 comparisons" ] do
                Expect.stringContains remedies text "remedies"

            for id in [ "regimes"; "remedies" ] do
                Expect.stringContains (fst published.Value) $"href=\"#{id}\"" "in the navigation"
        }

        test "without rows they are folded and say what is missing" {
            for id in [ "regimes"; "remedies" ] do
                let text = part id (fst unrelated.Value)
                Expect.stringContains text "<details>" "folded"
                Expect.stringContains text "No regime" "why"
                Expect.isFalse (text.Contains "<table") "no table"
        }

        test "claims.json has each regime's verdict, numbers and target" {
            let entries = regimeEntries (snd published.Value)

            let find name =
                entries
                |> List.find (fun entry -> entry.GetProperty("id").GetString() = $"regime: {name}")

            let text (name: string) (entry: JsonElement) = entry.GetProperty(name).GetString()

            let finding (name: string) (entry: JsonElement) =
                entry.GetProperty("finding").GetProperty(name)

            let gap, harm =
                find "confounding, kappa 0.7", find "no bias, severity-linked missingness"

            Expect.hasLength entries 2 "those that were run"
            Expect.equal (text "verdict" gap) "contradicted" "four fifths of nine tenths"
            Expect.floatClose Accuracy.medium ((finding "estimate" gap).GetDouble()) 0.8 "share"
            Expect.floatClose Accuracy.medium (gap.GetProperty("threshold").GetDouble()) 0.9 "target"
            Expect.equal (finding "ci_low" gap).ValueKind JsonValueKind.Null "a share has no interval"
            Expect.equal (text "verdict" harm) "inconclusive" "the mean is within, the interval is not"
            Expect.floatClose Accuracy.medium ((finding "estimate" harm).GetDouble()) 0.001 "gain"

            Expect.floatClose
                Accuracy.medium
                ((finding "ci_low" harm).GetDouble())
                (0.001 - 4.302653 * 0.02 / sqrt 3.)
                "interval"

            Expect.equal (harm.GetProperty("threshold").GetDouble()) -ClaimCatalog.harmMargin "margin"
        }

        test "claims.json has no regime that was not run" {
            Expect.isEmpty (regimeEntries (snd unrelated.Value)) "regimes"
        }
    ]
