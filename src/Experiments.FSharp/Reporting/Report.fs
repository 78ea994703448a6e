namespace CausalDebiasing.Bench.Reporting

open CausalDebiasing.Bench.Evidence
open Giraffe.ViewEngine

/// The report: one HTML file without network, readable on a phone, in the dark and in print.
module Report =
    open ReportParts

    let private overview (content: ReportContent) =
        let known name =
            content.Environment |> List.tryFind (fst >> (=) name) |> Option.map snd

        let cells = ReportContent.cells content

        ReportOverview.render
            content.Name
            [
                match known "StartedUtc" with
                | Some date when date.Length >= 10 -> date.Substring(0, 10)
                | _ -> ""
                match known "Profile" with
                | Some profile -> $"profile {profile}"
                | None -> ""
                plural cells.Length "cell"
                plural (ReportContent.distinct _.Cell.Data.Dataset content).Length "data set"
                plural (ReportContent.distinct _.Cell.Baseline content).Length "baseline"
                plural (ReportContent.distinct _.Cell.Data.Seed content).Length "seed"
            ]
            (ConsoleTable.caveats (CellRow.ofResults content.Results))
            content.Judgements
            content.Gains

    /// The report as an HTML document.
    let render (content: ReportContent) =
        let parts = [
            "claims", "Claims", ReportClaims.render content.Judgements
            "side-by-side", "Side by side", ReportTables.sideBySide content
            match content.Ranks with
            | Some ranks -> "ranks", "Ranks", ReportMeasures.ranks ranks
            | None -> ()
            if not content.Trends.IsEmpty then
                "trends", "Trends", ReportMeasures.trends content.Trends
            if not content.ClinicalTables.IsEmpty then
                "clinical", "Recorded data", ReportTables.clinical content
            "patients", "Patients", ReportPatients.render content.Patients
            "regimes", "Regimes", ReportRegimes.regimes content.Regimes
            "remedies", "Remedies", ReportRegimes.remedies content.Remedies
            if not content.Figures.IsEmpty then
                "figures", "Figures", ReportFigures.render content.Figures
            "metrics", "All metrics", ReportTables.metrics content
            if not content.Tuned.IsEmpty then
                "tuning", "Search", ReportTables.tuning content
            "unfinished", "Failed cells", ReportRun.unfinished content
            "run", "What was run", ReportRun.whatWasRun content
            "reading", "How to read", howToRead
            "next", "Next steps", ReportRun.nextSteps content
        ]

        page
            $"{content.Name}: causal debiasing report"
            (overview content
             @ [
                 nav [ attr "aria-label" "Parts of the report" ] [
                     for target, name, _ in parts -> a [ _href $"#{target}" ] [ str name ]
                 ]
                 div [ _id "show" ] []
             ]
             @ List.map (fun (_, _, part) -> part) parts)
