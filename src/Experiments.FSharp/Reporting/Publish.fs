namespace CausalDebiasing.Bench.Reporting

open System
open System.IO
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Planning

/// The one way from results to files.
module Publish =
    /// File name of the report.
    let report = "report.html"

    /// What predictions are worth, with measures.csv, measures.md and figures written into the folder.
    let private patients
        outDir
        data
        (results: CellResult list)
        (everything: Observation list)
        : PatientEvidence =
        let groups (spec: DataSpec) test =
            data
            |> List.tryFind (fun (known: StudyData) -> known.Name = spec.Dataset)
            |> Option.map (fun known -> known.Groups spec test)
            |> Option.defaultValue []

        let file name = Path.Combine(outDir, name)
        let rows, missing = MeasuresTable.ofRun outDir results
        let findings, leftOut = PatientFindings.ofRun outDir groups results everything

        let known =
            dict [ for row in rows -> (row.Cell.CellId, row.Cell.Condition), row.Measures ]

        let measures key =
            match known.TryGetValue key with
            | true, found -> Some found
            | _ -> None

        let trainRows (findings: PatientFindings) =
            everything
            |> List.filter (fun seen ->
                seen.Setting.Baseline = findings.Baseline
                && seen.Setting.Data.Dataset.StartsWith(findings.Data.Dataset, StringComparison.Ordinal))
            |> List.map _.TrainRows
            |> List.min

        let evidence = {
            Findings = findings
            Figures = PatientFigures.create findings |> Figures.save (file "figures")
            Tables = [
                if not findings.IsEmpty then
                    PatientNumbers.gains findings, true
                    PatientNumbers.calibration findings, true

                    if findings |> List.exists _.BeforeRecalibration.IsSome then
                        PatientNumbers.recalibration findings, true

                    PatientNumbers.subgroups findings, false
                    PatientNumbers.sampleSizes trainRows findings, false
                if not rows.IsEmpty then
                    PatientNumbers.byTest measures everything, false
            ]
            LeftOut = leftOut
            Missing = missing
        }

        if rows.IsEmpty then
            File.Delete(file "measures.csv")
            File.Delete(file "measures.md")
        else
            MeasuresTable.write (file "measures.csv") rows
            AtomicFile.writeText (file "measures.md") (ReportPatients.markdown evidence)

        evidence

    /// Writes cells.csv, cells.parquet, do_risk.csv (where a do-risk is known), summary.csv, claims.json, baselines.md (where baselines can be put side by side), clinical.md (where recorded data are compared), measures.csv and measures.md (where predictions are kept), regimes.md and remedies.md (where regimes were run), figures/ and
    /// tables/, data-dictionary.csv, baselines.bib and report.html, and tripod.md, model-card.md and probast.md where `data` describes recorded data, into a folder, each whole or not at all, and returns the path of the report.
    let all (outDir: string) (results: (string * CellResult) list) environment (data: StudyData list) =
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

        for name, text in EvidenceFiles.all CellId.resultsVersion comparisons regimes remedies do
            match text with
            | "" -> File.Delete(file name)
            | text -> AtomicFile.writeText (file name) text

        AtomicFile.writeText (file "claims.json") (ClaimsFile.toJson judgements regimes)

        let once = results |> List.map snd |> List.distinctBy _.CellId
        let patients = patients outDir data once everything

        let documents = [
            "tripod.md", Tripod.markdown
            "model-card.md", ModelCard.markdown
            "probast.md", Probast.markdown
        ]

        match data with
        | [] ->
            for name, _ in documents do
                File.Delete(file name)
        | data ->
            let isRecorded dataset =
                data |> List.exists (fun known -> known.Name = dataset)

            let source = {
                Environment = environment
                Results = once |> List.filter (fun result -> isRecorded result.Cell.Data.Dataset)
                Observations =
                    observations
                    |> List.filter (fun seen -> isRecorded seen.Setting.Data.Dataset)
                    |> List.distinctBy (fun seen -> seen.CellId, seen.Setting.Condition)
                Data = data
                Findings =
                    patients.Findings
                    |> List.filter (fun own ->
                        data
                        |> List.exists (fun known ->
                            known.Name.StartsWith(own.Data.Dataset, StringComparison.Ordinal)))
            }

            for name, markdown in documents do
                AtomicFile.writeText (file name) (markdown source)

        let clinical = ClinicalTable.all comparisons

        TableFiles.all (List.map fst patients.Tables) baselineTables clinical regimes
        |> TableFiles.write (file "tables")

        DataDictionary.write (file "data-dictionary.csv")

        AtomicFile.writeText
            (file "baselines.bib")
            (BaselineSource.bibTex [ for result in once -> result.Cell.Baseline ])

        let page =
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
                ClinicalTables = clinical
                Regimes = regimes
                Remedies = remedies
                Tuned = TuningTable.rows results
                Figures = Figures.write (file "figures") observations
                Patients = patients
            }

        AtomicFile.writeText (file report) page
        file report

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
