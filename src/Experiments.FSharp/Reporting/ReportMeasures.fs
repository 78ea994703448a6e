namespace CausalDebiasing.Bench.Reporting

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open Giraffe.ViewEngine

/// Sections on what several settings say together: ranks and trends.
module ReportMeasures =
    open ReportParts

    let private decimals (format: string) (value: float) =
        if System.Double.IsNaN value then
            "-"
        else
            value.ToString(format, System.Globalization.CultureInfo.InvariantCulture)

    let private averageRank = "average rank"

    let private header (name: string, isNumber) =
        th [
            attr "scope" "col"
            if isNumber then
                _class "n"
            // The rows come in this order.
            if name = averageRank then
                attr "aria-sort" "ascending"
        ] [ str name ]

    let private front =
        function
        | Some true -> "yes"
        | Some false -> "no"
        | None -> "-"

    let private methodRow (one: RankedMethod) =
        let blocks = one.Blocks |> List.map CellRow.number |> String.concat " "

        tr
            (facets "" one.Baseline
             @ [
                 attr "data-blocks" blocks
                 attr "data-auroc" (CellRow.number one.Auroc)
                 attr "data-seconds" (CellRow.number one.Seconds)
             ])
            [
                th [ attr "scope" "row" ] [ shown one.Baseline ]
                td [] [ str (Variant.name one.Variant) ]
                td [ _class "n rank" ] [ str (decimals "0.00" one.AverageRank) ]
                td [ _class "n wins" ] [ str (NumberText.percent one.WinRate) ]
                td [ _class "n" ] [ str (NumberText.number one.Auroc) ]
                td [ _class "n" ] [ str (decimals "0.0" one.Seconds) ]
                td [ _class "front" ] [ str (front one.IsOnFront) ]
            ]

    /// Average ranks with their critical difference, win rates, and the Pareto front of AUROC and seconds.
    let ranks (table: RankTable) =
        let points =
            [ for k in 2 .. table.Methods.Length -> decimals "0.####" (Ranking.nemenyi k) ]
            |> String.concat " "

        section "ranks" "Ranks, win rates and cost" [
            p [] [
                str "Ranks of "
                span [ _id "pool" ] [ str (string table.Methods.Length) ]
                str
                    $" methods by AUROC, 1 for the best, averaged over {table.Settings} settings (do test where there is one; means over the seeds that all methods have there). Average ranks closer than the critical difference of "
                strong [ _id "difference" ] [ str (decimals "0.00" table.CriticalDifference) ]
                str
                    " are not told apart (Nemenyi test, 5 %; Dem\u0161ar 2006). Friedman's test of all methods: p "
                span [ _id "friedman" ] [ str (NumberText.pValue table.P) ]
                str
                    ". Settings that share seeds are not independent, so that this is a guide rather than a test. Win rate: share of comparisons with the other methods that are won, a tie being half. Pareto front: no other method has a higher AUROC for as few seconds of fitting. Seconds are means over the same settings and seeds; those of a command from outside include writing its files and starting it, and those of predictions that were made elsewhere are not known (-), which leaves them out of the front. Hiding a baseline ranks the others anew."
            ]
            scrolling
                "Methods by average rank"
                (Giraffe.ViewEngine.HtmlElements.table [ _class "data ranks"; attr "data-nemenyi" points ] [
                    caption [] [ str "Methods by average rank" ]
                    thead [] [
                        tr
                            []
                            (texts [ "baseline"; "variant" ]
                             @ numbers [ averageRank; "win rate"; "mean AUROC"; "fit seconds" ]
                             @ texts [ "Pareto front" ]
                             |> List.map header)
                    ]
                    tbody [] (List.map methodRow table.Methods)
                ])
        ]

    /// The gain along confounding strength and missing rate.
    let trends (rows: TrendRow list) =
        section "trends" "Trends of the gain" [
            p [] [
                str
                    $"Does the gain of the recommended wrapping grow along a swept number? The mean is over the baselines that have the gain at every value. Slope: gain in AUROC for each unit of it, a line fitted to each seed first (Matthews et al. 1990), with its 95 %% t-interval. p: Page's test for ordered alternatives (1963), two-sided, exact up to {Trend.mostPermuted} values and by the normal approximation above, the seed being the block. Area: gain in the area under AUROC against the missing rate, divided by the range of rates."
            ]
            dataTable
                "Gain along confounding strength and missing rate"
                (texts [ "baseline"; "along"; "fixed"; "test" ]
                 @ numbers [ "values"; "seeds"; "slope [95 %]"; "p"; "gain in area [95 %]" ])
                [
                    for row in rows ->
                        {
                            Condition = row.Condition
                            Baseline = row.Baseline
                            IsMean = row.Baseline = ""
                            Cells = [
                                if row.Baseline = "" then "mean" else row.Baseline
                                row.Axis
                                $"{row.Experiment}: {row.Fixed}"
                                row.Condition
                                string row.Trend.Levels
                                string row.Trend.Seeds
                                NumberText.interval row.Trend.Slope
                                NumberText.pValue row.Trend.P
                                NumberText.interval row.AreaGain
                            ]
                        }
                ]
        ]
