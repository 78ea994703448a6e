namespace CausalDebiasing.Bench.Cli

open Argu
open CausalDebiasing.Bench.Conditions

/// What options do that several verbs have.
module private Usage =
    let jobs = "worker processes; the number of cores if not given."

    let dataRoot =
        "folder that holds the real data sets; else the variable CAUSALDEBIAS_DATA."

    let cellTimeout = "seconds after which a cell is given up; 1800 if not given."
    let force = "compute everything again."
    let failed = "compute failed cells again."
    let failFast = "stop at the first cell that fails."

    let noPredictions =
        "do not keep each patient's probability: a cell then takes no room for them, and measures that need them are left out."

    let dryRun = "say what would be run, and run nothing."

    let engine =
        "what computes the cells: local (the default), workers on this machine; or slurm, tasks of a cluster."

    let printCommands =
        "print a command for each task, for any other scheduler, and run nothing."

    let cellsPerTask =
        "cells of a task; as many as take about ten minutes if not given."

    let cpusPerTask = "cores of a task, each with a worker; 1 if not given."
    let time = "time limit of a task, as Slurm writes it; 1:00:00 if not given."
    let partition = "slurm: where tasks run; the cluster's default if not given."

    let memory =
        "slurm: memory of a task, such as 4G; the cluster's default if not given."

    let arrayLimit =
        "slurm: tasks of one job array at most; what the cluster allows if not given."

    let sbatchArgument =
        "slurm: further options of sbatch, NAME or NAME=VALUE without the leading hyphens, such as account=lab."

type ReproduceArgument =
    | Profile of name: string
    | Dataset of name: string list
    | Leave_Out of site: string list
    | Out of folder: string
    | Jobs of count: int
    | Data_Root of folder: string
    | Cell_Timeout of seconds: float
    | Force
    | Failed
    | Fail_Fast
    | No_Predictions
    | Dry_Run
    | Engine of name: string
    | Print_Commands
    | Cells_Per_Task of count: int
    | Cpus_Per_Task of count: int
    | Time of limit: string
    | Partition of name: string
    | Mem of size: string
    | Array_Limit of count: int
    | Sbatch_Arg of option: string list

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Profile _ -> "smoke, quick (the default), zoo, evidence, clinical or full: see 'list profiles'."
            | Dataset _ ->
                "real data sets in place of all experiments: a name, a manifest (my.json), a folder, or NAME@site:SITE."
            | Leave_Out _ ->
                "sites of the data sets to test on and not to train on; 'all' takes each in turn."
            | Out _ -> "folder of the results; results/PROFILE if not given."
            | Jobs _ -> Usage.jobs
            | Data_Root _ -> Usage.dataRoot
            | Cell_Timeout _ -> Usage.cellTimeout
            | Force -> Usage.force
            | Failed -> Usage.failed
            | Fail_Fast -> Usage.failFast
            | No_Predictions -> Usage.noPredictions
            | Dry_Run -> Usage.dryRun
            | Engine _ -> Usage.engine
            | Print_Commands -> Usage.printCommands
            | Cells_Per_Task _ -> Usage.cellsPerTask
            | Cpus_Per_Task _ -> Usage.cpusPerTask
            | Time _ -> Usage.time
            | Partition _ -> Usage.partition
            | Mem _ -> Usage.memory
            | Array_Limit _ -> Usage.arrayLimit
            | Sbatch_Arg _ -> Usage.sbatchArgument

type SweepArgument =
    | [<AltCommandLine "--world">] Dataset of name: string list
    | Leave_Out of site: string list
    | Baselines of id: string list
    | Variants of name: string list
    | Tune of candidates: int
    | Missing_Rate of share: float list
    | Mechanism of name: string list
    | Mechanism_Strength of slope: float list
    | Confounding of kappa: float list
    | Signal of strength: float list
    | Train_Size of rows: int list
    | Seeds of number: int list
    | Out of folder: string
    | Jobs of count: int
    | Data_Root of folder: string
    | Cell_Timeout of seconds: float
    | Force
    | Failed
    | Fail_Fast
    | No_Predictions
    | Dry_Run
    | Engine of name: string
    | Print_Commands
    | Cells_Per_Task of count: int
    | Cpus_Per_Task of count: int
    | Time of limit: string
    | Partition of name: string
    | Mem of size: string
    | Array_Limit of count: int
    | Sbatch_Arg of option: string list

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Dataset _ ->
                "worlds (see 'list worlds'), real data sets by name, manifest (my.json) or folder, or NAME@site:SITE, NAME@folds:K; 'acquisition' if not given."
            | Leave_Out _ ->
                "sites of the real data sets to test on and not to train on; 'all' takes each in turn."
            | Baselines _ -> "baselines (see the verb 'baselines'); 'zero-fill-mlp' if not given."
            | Variants _ ->
                "plain, plain-standardised, ceiling, ceiling-augmented, or debiasing presets (see 'list variants'); plain and recommended if not given."
            | Tune _ ->
                "hyper-parameter settings to try for every baseline, the defaults first; the report names the one with the least validation log loss."
            | Missing_Rate _ ->
                $"shares of modalities missing, from 0 to below 1; {UsualCondition.missingRate} if not given. Real data: hidden in addition, none if not given."
            | Mechanism _ ->
                "why modalities are missing; the world's own if not given. Real data: mcar, outcome-linked, or mnar-latent (by severity)."
            | Mechanism_Strength _ ->
                $"slopes of the mechanism, at least 0; {UsualCondition.mechanismStrength} if not given."
            | Confounding _ ->
                $"confounding strengths from 0 to 1; {UsualCondition.confounding} if not given. Real data: injected, none if not given."
            | Signal _ ->
                $"signal strengths above 0 (label noise is 1 / signal); {UsualCondition.signal} if not given."
            | Train_Size _ -> "training rows; the world's own if not given."
            | Seeds _ -> "whole numbers; 1 2 3 if not given."
            | Out _ -> "folder of the results; results/sweep if not given."
            | Jobs _ -> Usage.jobs
            | Data_Root _ -> Usage.dataRoot
            | Cell_Timeout _ -> Usage.cellTimeout
            | Force -> Usage.force
            | Failed -> Usage.failed
            | Fail_Fast -> Usage.failFast
            | No_Predictions -> Usage.noPredictions
            | Dry_Run -> Usage.dryRun
            | Engine _ -> Usage.engine
            | Print_Commands -> Usage.printCommands
            | Cells_Per_Task _ -> Usage.cellsPerTask
            | Cpus_Per_Task _ -> Usage.cpusPerTask
            | Time _ -> Usage.time
            | Partition _ -> Usage.partition
            | Mem _ -> Usage.memory
            | Array_Limit _ -> Usage.arrayLimit
            | Sbatch_Arg _ -> Usage.sbatchArgument

type ExportArgument =
    | [<AltCommandLine "--world">] Dataset of name: string list
    | Leave_Out of site: string list
    | Variants of name: string list
    | Missing_Rate of share: float list
    | Mechanism of name: string list
    | Mechanism_Strength of slope: float list
    | Confounding of kappa: float list
    | Signal of strength: float list
    | Train_Size of rows: int list
    | Seeds of number: int list
    | Format of name: string
    | [<Mandatory>] Out of folder: string
    | Data_Root of folder: string

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Dataset _ -> "worlds and real data sets, as in 'sweep'; 'acquisition' if not given."
            | Leave_Out _ -> "sites of the real data sets to test on and not to train on, as in 'sweep'."
            | Variants _ -> "what is done with your model, as in 'sweep'; plain and recommended if not given."
            | Missing_Rate _ -> "shares of modalities missing, as in 'sweep'."
            | Mechanism _ -> "why modalities are missing, as in 'sweep'."
            | Mechanism_Strength _ -> "slopes of the mechanism, as in 'sweep'."
            | Confounding _ -> "confounding strengths, as in 'sweep'."
            | Signal _ -> "signal strengths, as in 'sweep'."
            | Train_Size _ -> "training rows, as in 'sweep'."
            | Seeds _ -> "whole numbers; 1 2 3 if not given."
            | Format _ -> "parquet (the default) or csv."
            | Out _ ->
                "folder of the studies, one folder each, which only you can read; real data leave patients' values there."
            | Data_Root _ -> Usage.dataRoot

type ScoreArgument =
    | [<Mandatory>] Studies of folder: string
    | [<Mandatory>] Predictions of file: string list
    | [<Mandatory>] Baseline of name: string
    | [<Mandatory>] Out of folder: string
    | Data_Root of folder: string

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Studies _ -> "folder that 'export' wrote, or that of one study."
            | Predictions _ ->
                "files (Parquet, csv) with the columns row and probability; a file may hold several studies."
            | Baseline _ -> "what tables call your model: lower-case words joined by hyphens."
            | Out _ -> "folder of a run, which the results join, or of a new one."
            | Data_Root _ -> Usage.dataRoot

type MergeArgument =
    | [<MainCommand; Mandatory>] Runs of folder: string list
    | [<Mandatory>] Out of folder: string
    | Data_Root of folder: string

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Runs _ -> "folders of the runs."
            | Out _ -> "new folder for all of them."
            | Data_Root _ -> Usage.dataRoot

type FolderArgument =
    | [<Mandatory>] Out of folder: string
    | Data_Root of folder: string

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Out _ -> "folder of the run."
            | Data_Root _ -> Usage.dataRoot

type ReportArgument =
    | [<Mandatory>] Out of folder: string
    | Predictions of folder: string
    | Data_Root of folder: string

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Out _ -> "folder of the run."
            | Predictions _ ->
                "new folder for a copy of each patient's probabilities, one file for every cell, which only you can read; of real data they lie in the cache otherwise."
            | Data_Root _ -> Usage.dataRoot

type RerunArgument =
    | [<MainCommand; Mandatory>] Cells of id: string list
    | [<Mandatory>] Out of folder: string
    | Data_Root of folder: string

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Cells _ -> "ids of cells, as in the column cell_id of cells.csv, or how they begin."
            | Out _ -> "folder of the run."
            | Data_Root _ -> Usage.dataRoot

type RegressArgument =
    | Out of folder: string
    | From of folder: string
    | Reference of folder: string
    | Jobs of count: int
    | Report of folder: string
    | Bless

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Out _ -> "folder in which the smoke grid is computed anew; results/regress if not given."
            | From _ -> "compare a finished run in this folder instead of computing one."
            | Reference _ -> "folder of the blessed metrics; results/reference if not given."
            | Jobs _ -> Usage.jobs
            | Report _ -> "folder for regression.md, regression.json and regression.junit.xml."
            | Bless -> "make this run the reference."

type DocumentsArgument =
    | Check
    | Evidence of run: string list

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Check -> "only say whether they do."
            | Evidence _ ->
                "folders of runs, as their last report shows them, whose metrics become results/evidence/cells.csv."

type AuditArgument =
    | [<MainCommand>] Data of name: string
    | Seed of number: int
    | Coverage of worlds: int
    | Out of folder: string
    | Data_Root of folder: string

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Data _ -> "a manifest (my.json), a table (csv, csv.gz, Parquet), a data set or a world by name."
            | Seed _ -> "whole number that decides folds and draws; 1 if not given."
            | Coverage _ ->
                "no audit: how often the intervals of what is lost at a site hold the truth, in so many worlds of each kind, numbered from the seed on."
            | Out _ -> "folder of audit.html and audit.json; results/audit/NAME if not given."
            | Data_Root _ -> Usage.dataRoot

type DataArgument =
    | [<CliPrefix(CliPrefix.None)>] List
    | [<CliPrefix(CliPrefix.None)>] Card of name: string list
    | [<CliPrefix(CliPrefix.None)>] Init of table: string
    | [<CliPrefix(CliPrefix.None)>] Check of manifest: string
    | [<CliPrefix(CliPrefix.None)>] Fetch of name: string
    | [<CliPrefix(CliPrefix.None)>] Schema
    | Outcome of column: string
    | Mirror of url: string
    | Out of path: string
    | Data_Root of folder: string

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | List -> "which data sets are there, and where to get the others."
            | Card _ ->
                "print and save the card of the data sets (names or manifests; all that are there if none is given): rows, sites, missing rates, prevalence."
            | Init _ ->
                "write a first manifest by looking at a table (csv, csv.gz, Parquet) or at a folder in MEDS or OMOP."
            | Check _ -> "read a manifest with its tables and print the card."
            | Fetch _ ->
                "download an open data set into the data root: physionet2012, eicu-demo or mimic-iv-demo; goes on where it broke off."
            | Schema -> "write the JSON schema of manifests, by which editors complete and check them."
            | Outcome _ ->
                "init: the column with the outcome; guessed if not given. Of a folder: a file of labels, or a task of ACES."
            | Mirror _ -> "fetch: address of another server with the same files."
            | Out _ ->
                "card: folder to save in, results/cards if not given; init: the manifest's file; schema: its file, manifest.schema.json if not given."
            | Data_Root _ -> Usage.dataRoot

type NewBaselineArgument =
    | [<MainCommand; ExactlyOnce>] Id of id: string

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Id _ -> "lower-case words joined by hyphens; 'my-model' makes baselines/MyModel.cs."

type DoctorArgument =
    | Data_Root of folder: string

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Data_Root _ -> Usage.dataRoot

type TortureArgument =
    | Short
    | Only of text: string
    | Inputs of count: int
    | Out of file: string

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Short -> "few trials of the cases that need no build; about a minute."
            | Only _ -> "only cases whose name contains this text."
            | Inputs _ -> "generated inputs of all kinds in all, unless --short; 20000 if not given."
            | Out _ -> "Markdown file for the table of what was tried."

type WorkerArgument =
    | [<Mandatory>] Out of folder: string
    | No_Predictions
    | Data_Root of folder: string

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Out _ -> "folder of the run."
            | No_Predictions -> Usage.noPredictions
            | Data_Root _ -> "folder that holds the real data sets."

type TaskArgument =
    | [<Mandatory>] Out of folder: string
    | [<Mandatory>] Tasks of name: string
    | [<Mandatory>] Number of number: int
    | Jobs of count: int
    | Cell_Timeout of seconds: float
    | No_Predictions
    | Data_Root of folder: string

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Out _ -> "folder of the run."
            | Tasks _ -> "name of the tasks' file."
            | Number _ -> "which of its tasks, from 0."
            | Jobs _ -> Usage.jobs
            | Cell_Timeout _ -> Usage.cellTimeout
            | No_Predictions -> Usage.noPredictions
            | Data_Root _ -> Usage.dataRoot

type ListArgument =
    | [<MainCommand>] What of kind: string list

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | What _ -> "worlds, variants, mechanisms, profiles or datasets; all of them if not given."

type NoArgument =
    | [<Hidden>] Nothing

    interface IArgParserTemplate with
        member this.Usage = ""
