namespace CausalDebiasing.Bench.Reporting

open System
open System.IO
open CausalDebiasing.Bench.Evidence

/// The one way from results to files.
module Publish =
    /// Writes cells.csv, cells.parquet, do_risk.csv (where a do-risk is known), summary.csv, claims.json, figures/ and
    /// report.html into a folder, each whole or not at all, and returns the path of the report.
    let all
        (outDir: string)
        (results: (string * CausalDebiasing.Bench.Sweeping.CellResult) list)
        environment
        =
        let file name = Path.Combine(outDir, name)
        let observations = Observation.ofResults results
        let judgements = ClaimCatalog.judge observations
        CellsTable.writeCsv (file "cells.csv") (CellRow.ofResults results)
        CellsTable.writeParquet (file "cells.parquet") (file "cells.csv")

        match CellRow.doRisks results with
        | [] -> File.Delete(file "do_risk.csv")
        | risks -> CellsTable.writeDoRisk (file "do_risk.csv") risks

        SummaryTable.write (file "summary.csv") (SummaryTable.rows observations)
        AtomicFile.writeText (file "claims.json") (Claims.toJson judgements)

        let report =
            Report.render {
                Environment = environment
                Results = results
                Observations = observations
                Judgements = judgements
                Figures = Figures.write (file "figures") observations
            }

        AtomicFile.writeText (file "report.html") report
        file "report.html"

    /// The short table for the console.
    let console results =
        let observations = Observation.ofResults results
        ConsoleTable.summary observations (ClaimCatalog.judge observations)
