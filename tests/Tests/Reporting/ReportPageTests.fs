/// The page's script in a browser, where there is one.
module CausalDebiasing.Tests.Reporting.ReportPageTests

open System
open System.Diagnostics
open System.IO
open System.Text.RegularExpressions
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Reporting
open Expecto
open Giraffe.ViewEngine

let private browser =
    lazy
        (let folders =
            (Environment.GetEnvironmentVariable "PATH"
             |> Option.ofObj
             |> Option.defaultValue "")
                .Split
                Path.PathSeparator

         [ "chromium"; "chromium-browser"; "google-chrome" ]
         |> List.allPairs (List.ofArray folders)
         |> List.map Path.Combine
         |> List.tryFind File.Exists)

let private method' baseline variant auroc seconds isOnFront = {
    Baseline = baseline
    Variant = variant
    Blocks = [ auroc; auroc ]
    AverageRank = 0.
    WinRate = 0.5
    Auroc = auroc
    Seconds = seconds
    IsOnFront = isOnFront
}

let private ranks =
    ReportMeasures.ranks {
        Settings = 2
        P = 0.01
        CriticalDifference = 1.
        Methods = [
            method' "lightgbm" Variant.plain 0.9 nan None
            method' "mt" Variant.recommended 0.8 10. (Some true)
            method' "muse" Variant.plain 0.75 20. (Some false)
            method' "muse" Variant.recommended 0.72 5. (Some true)
            method' "mt" Variant.plain 0.7 10. (Some false)
            method' "lightgbm" Variant.recommended 0.6 nan None
            method' "aum" Variant.plain 0.5 30. (Some false)
        ]
    }

let private sites =
    ReportParts.dataTable "Sites" [ "name", false; "worst", true ] [
        for text in [ "site:12 0.5"; "0.7"; "0.6" ] -> TableRow.always [ "x"; text ]
    ]

/// What the page's text `told` is after the steps, which are JavaScript.
let private after (steps: string) =
    let program =
        browser.Value |> Option.defaultWith (fun () -> skiptest "There is no Chromium.")

    let folder = Directory.CreateTempSubdirectory "page-"

    try
        let page = Path.Combine(folder.FullName, "page.html")

        let content =
            [ ranks; sites ] |> List.map RenderView.AsString.htmlNode |> String.concat "\n"

        File.WriteAllText(
            page,
            $"""<!DOCTYPE html><meta charset="utf-8"><div id="show"></div>{content}<pre id="told"></pre>
<script>{ReportParts.scriptText.Value}</script>
<script>
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const tell = text => document.getElementById('told').textContent = text;
const sortBy = title => all('th button').find(button => button.textContent === title).click();
const hide = name => all('#show label').find(label => label.textContent.trim() === name).querySelector('input').click();
const rows = () => all('table.ranks tbody tr').filter(row => !row.matches('.off'));
{steps}
</script>"""
        )

        let start =
            ProcessStartInfo(program, RedirectStandardOutput = true, RedirectStandardError = true)

        for argument in
            [
                "--headless"
                "--no-sandbox"
                "--disable-gpu"
                $"--user-data-dir={folder.FullName}/profile"
                "--dump-dom"
                Uri(page).AbsoluteUri
            ] do
            start.ArgumentList.Add argument

        use running = nonNull (Process.Start start)
        let errors = running.StandardError.ReadToEndAsync()
        let shown = running.StandardOutput.ReadToEndAsync()

        if not (running.WaitForExit(TimeSpan.FromMinutes 1.)) then
            running.Kill(entireProcessTree = true)
            running.WaitForExit()
            skiptest "The browser does not answer."

        let whole = shown.Result

        let told =
            Regex.Match(whole, "<pre id=\"told\">(.*?)</pre>", RegexOptions.Singleline)

        if not told.Success then
            skiptest $"The browser showed no page: {errors.Result}"

        told.Groups[1].Value
    finally
        // A browser may still write to its profile when it ends.
        try
            folder.Delete true
        with :? IOException ->
            ()

[<Tests>]
let tests =
    testSequenced (
        testList "Report page" [
            test "hiding a baseline compares the others anew, without those whose seconds are not known" {
                let told =
                    after
                        "hide('mt'); tell(rows().map(row => [row.dataset.b, row.cells[1].textContent, row.querySelector('.front').textContent].join(' ')).join('; '));"

                Expect.equal
                    told
                    "lightgbm plain -; muse plain yes; muse recommended yes; lightgbm recommended -; aum plain no"
                    "fronts"
            }

            test "the filter and the order follow the new ranks" {
                let told =
                    after
                        "const select = all('.tools label').find(label => label.firstChild.textContent === 'Pareto front').querySelector('select'); select.value = 'is yes'; select.dispatchEvent(new Event('change')); sortBy('Pareto front'); hide('mt'); tell(rows().map(row => row.querySelector('.front').textContent + (row.matches('.filtered') ? ' filtered' : '')).join('; '));"

                Expect.equal told "- filtered; - filtered; no filtered; yes; yes" "rows"
            }

            test "Friedman's p is that of all methods, and not shown for fewer" {
                let told =
                    after
                        "const p = () => document.getElementById('friedman').textContent; const before = p(); hide('mt'); const hidden = p(); hide('mt'); tell([before, hidden, p() === before].join('|'));"

                let parts = told.Split '|'
                Expect.isMatch parts[0] "0\\.01" "all"
                Expect.stringStarts parts[1] "-" "fewer"
                Expect.equal parts[2] "true" "all again"
            }

            test "digits of a name are not the number that a cell is sorted by" {
                Expect.equal
                    (after
                        "sortBy('worst'); tell(all('td').filter(cell => cell.closest('table').caption.textContent === 'Sites').map(cell => cell.textContent).join('; '));")
                    "0.7; 0.6; site:12 0.5"
                    "order"
            }
        ]
    )
