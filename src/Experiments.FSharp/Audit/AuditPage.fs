namespace CausalDebiasing.Bench.Audit

open CausalDebiasing.Bench.Reporting
open Giraffe.ViewEngine

/// The audit as one HTML file without network, in the report's style.
module AuditPage =
    open ReportParts

    let private row cells = TableRow.always cells

    let private section' (section: AuditSection) =
        ReportParts.section
            section.Id
            section.Title
            ((section.Sentences |> List.map (fun sentence -> p [] [ shown sentence ]))
             @ (section.Tables
                |> List.map (fun table -> dataTable table.Title table.Columns (List.map row table.Rows))))

    let private advice (report: AuditReport) =
        div [ _class "advice" ] [
            h2 [] [ str "Recommendation" ]
            p [] [ strong [] [ shown (AuditText.headline report.Advice) ] ]
            ul [] [ for reason in report.Advice.Reasons -> li [] [ shown reason ] ]
            if not report.Advice.Settle.IsEmpty then
                p [] [ str "What would settle it:" ]
                ul [] [ for need in report.Advice.Settle -> li [] [ shown need ] ]
            for caveat in AuditText.caveats report do
                p [ _class "small" ] [ shown caveat ]
        ]

    /// The forest of what is lost at each site, by part.
    let private forest (report: AuditReport) =
        match report.Findings.Losses with
        | [] -> []
        | losses -> [
            LossFigure.render losses
            p [ _class "small" ] [
                str
                    "Change of AUROC where a site was left out of training, in three parts. Dot: estimate; bar: 95 % interval over patients, cut at the edge. Full dot: clearly above zero; square: clearly below; ring: neither."
            ]
          ]

    let render (report: AuditReport) =
        let sections = AuditText.sections report

        page $"{report.Name}: audit" [
            h1 [] [ shown $"Audit of {report.Name}" ]
            p [ _class "facts" ] [ shown (String.concat " \u00b7 " (AuditText.facts report)) ]
            advice report
            yield! forest report
            div [ _id "show" ] []
            nav [ attr "aria-label" "Questions" ] [
                for section in sections -> a [ _href $"#{section.Id}" ] [ str section.Title ]
            ]
            yield! List.map section' sections
        ]
