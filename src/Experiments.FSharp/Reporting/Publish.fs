namespace CausalDebiasing.Bench.Reporting

open System
open System.IO
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Planning

/// The one way from results to files.
module Publish =
    /// Writes cells.csv, cells.parquet, do_risk.csv (where a do-risk is known), summary.csv, claims.json, baselines.md (where baselines can be put side by side), clinical.md (where recorded data are compared), regimes.md and remedies.md (where regimes were run), figures/ and
    /// report.html into a folder, each whole or not at all, and returns the path of the report.
    let all (outDir: string) (results: (string * CellResult) list) environment =
        let file name = Path.Combine(outDir, name)
        let everything = Observation.ofResults results
        // Claims and figures are about the defaults; what a search tried beside them is in the tables.
        let observations =
            everything |> List.filter (fun seen -> seen.Setting.Hyperparameters.IsEmpty)

        let judgements = ClaimCatalog.judge observations
        CellsTable.writeCsv (file "cells.csv") (CellRow.ofResults results)
        CellsTable.writeParquet (file "cells.parquet") (file "cells.csv")

        match CellRow.doRisks results with
        | [] -> File.Delete(file "do_risk.csv")
        | risks -> CellsTable.writeDoRisk (file "do_risk.csv") risks

        SummaryTable.write (file "summary.csv") (SummaryTable.rows everything)
        let baselineTables = BaselineTable.all results

        match baselineTables with
        | [] -> File.Delete(file "baselines.md")
        | tables -> AtomicFile.writeText (file "baselines.md") (BaselineTable.markdown tables)

        let comparisons = ClinicalComparison.all observations
        let regimes = RegimeVerdict.all observations
        let remedies = RemedyComparison.all observations

        for name, text in EvidenceFiles.all comparisons regimes remedies do
            match text with
            | "" -> File.Delete(file name)
            | text -> AtomicFile.writeText (file name) text

        AtomicFile.writeText (file "claims.json") (ClaimsFile.toJson judgements regimes)

        let report =
            Report.render {
                Name = DirectoryInfo(outDir).Name
                Environment = environment
                Results = results
                Observations = observations
                Judgements = judgements
                Gains = GainTable.rows comparisons observations
                Ranks =
                    RankTable.create
                        (results
                         |> List.map (fun (_, result) -> result.CellId, result.FitSeconds)
                         |> Map.ofList)
                        observations
                Trends = TrendTable.rows observations
                BaselineTables = baselineTables
                ClinicalTables = ClinicalTable.all comparisons
                Regimes = regimes
                Remedies = remedies
                Tuned = TuningTable.rows results
                Figures = Figures.write (file "figures") observations
            }

        AtomicFile.writeText (file "report.html") report
        file "report.html"

    /// The short table for the console.
    let console results =
        let observations = Observation.ofResults results

        ConsoleTable.summary observations (ClaimCatalog.judge observations)
        + match ClinicalTable.console (ClinicalComparison.all observations) with
          | "" -> ""
          | table -> "\n" + table
        + match ConsoleTable.caveats (CellRow.ofResults results) with
          | [] -> ""
          | lines -> "\n" + String.Join('\n', lines) + "\n"
