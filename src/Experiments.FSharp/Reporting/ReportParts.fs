namespace CausalDebiasing.Bench.Reporting

open System.IO
open System.Reflection
open Giraffe.ViewEngine

/// A row of a table, with what the reader can hide it by.
type TableRow = {
    /// The test condition; empty where it is about several.
    Condition: string
    /// The baseline; empty where it is about several.
    Baseline: string
    /// A mean over other rows.
    IsMean: bool
    Cells: string list
}

module TableRow =
    /// A row that is always shown.
    let always cells = {
        Condition = ""
        Baseline = ""
        IsMean = false
        Cells = cells
    }

/// What every section of the report is made of.
module ReportParts =
    let private resource name =
        use reader =
            new StreamReader(nonNull (Assembly.GetExecutingAssembly().GetManifestResourceStream name))

        reader.ReadToEnd()

    /// Style sheet for screens of any width, light and dark, and for print.
    let styleText = lazy resource "report.css"

    /// Sorting, filters and choices; the page is whole without it.
    let scriptText = lazy resource "report.js"

    /// A number with what it counts.
    let plural number word =
        if number = 1 then $"1 {word}" else $"{number} {word}s"

    /// Text of a run, without the places of its files.
    let shown text = str (ShownText.byName text)

    /// What the reader can hide an element by.
    let facets condition baseline = [
        if condition <> "" then
            attr "data-c" condition
        if baseline <> "" then
            attr "data-b" (ShownText.byName baseline)
    ]

    /// A section with a heading that the navigation points to.
    let section id title content =
        section
            [ _id id; attr "aria-labelledby" $"{id}-title" ]
            (h2 [ _id $"{id}-title" ] [ str title ] :: content)

    /// A box that scrolls by itself, with keys too.
    let scrolling name content =
        div [
            _class "scroll"
            attr "tabindex" "0"
            attr "role" "region"
            attr "aria-label" name
        ] [ content ]

    /// Cells with longer text than these need a width of their own.
    let private some, long = 20, 60

    /// A table that can be sorted and filtered; columns as (title, is a number). The first column names the row.
    let dataTable title (columns: (string * bool) list) (rows: TableRow list) =
        let kind isNumber = if isNumber then [ _class "n" ] else []

        let cell index (isNumber, text: string) =
            if index = 0 then
                th [ attr "scope" "row" ] [ shown text ]
            elif text.Length > long && not isNumber then
                td [ _class "long" ] [ shown text ]
            elif text.Length > some && not isNumber then
                td [ _class "some" ] [ shown text ]
            else
                td (kind isNumber) [ shown text ]

        scrolling
            title
            (table [ _class "data" ] [
                caption [] [ str title ]
                thead [] [
                    tr [] [
                        for name, isNumber in columns ->
                            th (attr "scope" "col" :: kind isNumber) [ shown name ]
                    ]
                ]
                tbody [] [
                    for row in rows ->
                        tr
                            (facets row.Condition row.Baseline
                             @ (if row.IsMean then [ _class "mean" ] else []))
                            (List.zip (List.map snd columns) row.Cells |> List.mapi cell)
                ]
            ])

    /// Names with their values.
    let factTable title (facts: (string * string) list) =
        scrolling
            title
            (table [] [
                caption [] [ str title ]
                tbody [] [
                    for name, value in facts ->
                        tr [] [ th [ attr "scope" "row" ] [ str name ]; td [] [ shown value ] ]
                ]
            ])

    /// Columns of text.
    let texts (names: string list) =
        names |> List.map (fun name -> name, false)

    /// Columns of numbers.
    let numbers (names: string list) =
        names |> List.map (fun name -> name, true)

    /// An HTML document in the report's style, with its script.
    let page (name: string) content =
        html [ _lang "en" ] [
            head [] [
                meta [ _charset "utf-8" ]
                meta [ _name "viewport"; _content "width=device-width, initial-scale=1" ]
                title [] [ str (ShownText.byName name) ]
                Giraffe.ViewEngine.HtmlElements.style [] [ rawText styleText.Value ]
            ]
            body [] [ main [] content; script [] [ rawText scriptText.Value ] ]
        ]
        |> RenderView.AsString.htmlDocument

    /// Explains conditions, estimands, variants, intervals and limits.
    let howToRead =
        let entries = [
            "Test conditions",
            "id: as in training. do: the confounder is cut off and modalities are missing completely at random. reversed: the biases of training have the opposite sign. site:NAME: patients of one site."
            "Two estimands",
            "AUROC, AUPRC, Brier score, log loss and ECE judge predictions on a shifted test set. Do-risk, the mean of |p - P(y | do x)|, judges closeness to the interventional truth where a world knows it. A method can win one and lose the other: where the outcome truly depends on what was measured, ignoring that is right for do-risk and costs AUROC."
            "plain, paper, recommended, ceiling",
            "plain: the baseline as published. paper: wrapped with our reconstruction of the published framework (the authors' code is not public). recommended: wrapped with the options that this evidence supports. ceiling: the plain model trained on data without bias. ceiling-augmented: the same with the recommended variant's augmentation. oracle: the Bayes-optimal probability under the test distribution."
            "Gap closed",
            "(recommended - plain) / (ceiling - plain), as a ratio of means, ceiling-augmented being the ceiling where it ran: what augmentation earns without any bias then closes no gap. Left out where the ceiling is not at least 0.005 above plain, as in distribution, where bias helps."
            "Intervals and tests",
            "The seed is the unit of replication: it decides world, split, mask and initialisation, and all methods see the same draw. Intervals are 95 % t-intervals over seeds; differences are paired by seed; p-values are two-sided paired t-tests, adjusted by Holm over baselines. Averages over baselines or settings are taken within each seed first. Units that lack a seed are left out of averages. The section on recorded data corrects for training sets that overlap, and says how."
            "What this cannot say",
            "Synthetic worlds show what happens under their assumptions. Results on recorded data are associations under natural or imposed missingness, not causal effects."
        ]

        section "reading" "How to read" [
            dl [] [
                for term, text in entries do
                    dt [] [ str term ]
                    dd [] [ str text ]
            ]
        ]
