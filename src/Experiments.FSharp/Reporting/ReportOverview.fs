namespace CausalDebiasing.Bench.Reporting

open System
open System.Globalization
open CausalDebiasing.Bench.Evidence
open Giraffe.ViewEngine

/// The first screen: what was run, what it says, what follows, and the gain by setting.
module ReportOverview =
    open ReportParts

    /// Settings that are drawn at once; the others are folded.
    let private shownRows = 24

    let private place (low: float, high: float) value =
        let share = (value - low) / (high - low)

        (100. * max 0. (min 1. share)).ToString("0.##", CultureInfo.InvariantCulture)
        + "%"

    let private kind (gain: Estimate) =
        if gain.Low > 0. then "above"
        elif gain.High < 0. then "below"
        else "around"

    let private verdict (gain: Estimate) =
        match kind gain with
        | "above" -> "clear gain"
        | "below" -> "clear loss"
        | _ -> "no clear difference"

    let private strip range (gain: Estimate) =
        div [
            _class $"strip {kind gain}"
            attr "aria-hidden" "true"
            _title $"{NumberText.interval gain}, {verdict gain}"
        ] [
            i [ attr "style" $"left:{place range 0.}" ] []
            if not (Double.IsNaN gain.Low) then
                let left, right = place range gain.Low, place range gain.High
                b [ attr "style" $"left:{left};right:calc(100%% - {right})" ] []
            s [ attr "style" $"left:{place range gain.Mean}" ] []
        ]

    let private rowOf range (row: GainRow) isSingle =
        let label, style =
            if row.IsPart then row.Label, "part"
            elif isSingle && row.Label = "" then row.Dataset, "single"
            elif isSingle then $"{row.Dataset}: {row.Label}", "single"
            else row.Label, ""

        tr [ _class style ] [
            th [ attr "scope" "row" ] [ shown label ]
            td [ _class "draw" ] [ strip range row.Gain ]
            td [ _class "n" ] [ str (NumberText.interval row.Gain) ]
        ]

    let private rowsOf range (rows: GainRow list) = [
        for (dataset, _), own in rows |> List.groupBy (fun row -> row.Dataset, row.IsRecorded) do
            let isSingle = own.Length = 1

            if not isSingle then
                tr [ _class "group" ] [ th [ attr "scope" "rowgroup"; attr "colspan" "3" ] [ shown dataset ] ]

            for row in own do
                rowOf range row isSingle
    ]

    /// An axis for the gains of some rows.
    let range (rows: GainRow list) =
        let low, high =
            Statistics.estimate [ 0. ] :: [ for row in rows -> row.Gain ]
            |> Style.limits 0.05

        min low -0.01, max high 0.01

    /// A round step that leaves room for its labels.
    let private ticks (low: float, high: float) =
        let step =
            [ 0.005; 0.01; 0.02; 0.05; 0.1; 0.2; 0.5 ]
            |> List.tryFind (fun step -> (high - low) / step <= 4.5)
            |> Option.defaultValue 1.

        [
            for k in int (ceil (low / step)) .. int (floor (high / step)) -> float k * step
        ]

    let private tick (value: float) =
        value.ToString("+0.###;-0.###;0", CultureInfo.InvariantCulture)

    /// A forest plot of gains as a table, on an axis.
    let forestTable range title rows =
        table [ _class "forest" ] [
            caption [] [ str title ]
            thead [] [
                tr [] [
                    th [ attr "scope" "col" ] [ str "setting" ]
                    th [ attr "scope" "col" ] [
                        div [ _class "scale" ] [
                            for value in ticks range ->
                                span [ attr "style" $"left:{place range value}" ] [ str (tick value) ]
                        ]
                    ]
                    th [ attr "scope" "col"; attr "style" "text-align:right" ] [ str "gain [95 % interval]" ]
                ]
            ]
            tbody [] (rowsOf range rows)
        ]

    let private csv (rows: GainRow list) =
        rows
        |> List.map (fun row ->
            List.map ShownText.byName [
                row.Dataset
                row.Label
                row.Condition
                string row.Baselines
                CellRow.number row.Gain.Mean
                CellRow.number row.Gain.Low
                CellRow.number row.Gain.High
                string row.Gain.Count
            ])
        |> FigureData.csv [
            "data_set"
            "setting"
            "test"
            "n_baselines"
            "gain"
            "ci_low"
            "ci_high"
            "n_replicates"
        ]

    /// A link that saves numbers which the page holds itself.
    let dataLink name (text: string) =
        let bytes = Text.Encoding.UTF8.GetBytes text

        a [
            _href ("data:text/csv;base64," + Convert.ToBase64String bytes)
            attr "download" $"{name}.csv"
        ] [ str "data (CSV)" ]

    let private forest (rows: GainRow list) =
        let title = "Gain in AUROC by wrapping as recommended, against the plain model"

        match rows with
        | [] -> [
            p [] [
                str "No model was run both plain and wrapped as recommended: there is no gain to show."
            ]
          ]
        | rows ->
            let range = range rows
            let first, others = rows |> List.splitAt (min shownRows rows.Length)

            [
                forestTable range title first
                if not others.IsEmpty then
                    details [] [
                        summary [] [ str $"{others.Length} more settings" ]
                        forestTable range "Gain in AUROC, further settings" others
                    ]
                p [ _class "small" ] [
                    str
                        "Dot: mean over baselines; bar: 95 % interval over seeds, folds or sites, cut at the edge. Full dot: clear gain; square: clear loss; ring: no clear difference. Worlds are tested with their biases taken out (do test) where they can be; a site alone has no interval. "
                    dataLink "gain-by-setting" (csv rows)
                ]
            ]

    let private advice (caveats: string list) rows =
        div [ _class "advice" ] [
            h2 [] [ str "Recommendation" ]
            match PlainWords.recommendations rows with
            | [ one ] -> p [] [ shown one ]
            | several -> ul [] [ for sentence in several -> li [] [ shown sentence ] ]
            for caveat in caveats do
                p [ _class "small" ] [ shown caveat ]
        ]

    /// Heading, facts, a paragraph, the recommendation with what must be said about its data, and the forest plot.
    let render name (facts: string list) caveats judgements rows = [
        h1 [] [ shown name ]
        p [ _class "facts" ] [ shown (String.Join(" \u00b7 ", facts |> List.filter ((<>) ""))) ]
        p [ _id "summary" ] [ shown (PlainWords.summary judgements rows) ]
        advice caveats rows
        yield! forest rows
    ]
