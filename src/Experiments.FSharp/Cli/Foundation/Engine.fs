namespace CausalDebiasing.Bench.Cli

open System
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Running.Cluster
open CausalDebiasing.Bench.Running.Slurm
open CausalDebiasing.Runtime

/// What computes the cells of a run.
type Engine =
    /// Workers of this process.
    | ThisMachine
    /// Job arrays of Slurm.
    | Slurm of SlurmOptions
    /// Tasks whose commands are printed, for whatever else runs them.
    | Printed of TaskShape

/// The options of an engine, the same of every verb that runs cells.
module Engine =
    let private names = [ "local"; "slurm" ]
    let private usualLimit = TimeSpan.FromHours 1.

    let private atLeastOne option value =
        if value < 1 then
            raise (InputException $"{option} {value} is out of range: give a whole number of at least 1.")

        value

    let private shape options = {
        Workers =
            OptionValue.tryValue options (nameof SweepArgument.Cpus_Per_Task)
            |> Option.map (atLeastOne "--cpus-per-task")
            |> Option.defaultValue 1
        Limit =
            OptionValue.tryValue options (nameof SweepArgument.Time)
            |> Option.map (SlurmTime.parse "--time")
            |> Option.defaultValue usualLimit
        CellsPerTask =
            OptionValue.tryValue options (nameof SweepArgument.Cells_Per_Task)
            |> Option.map (atLeastOne "--cells-per-task")
    }

    let private slurm options =
        let asked = {
            Partition = OptionValue.tryValue options (nameof SweepArgument.Partition)
            Shape = shape options
            Memory = OptionValue.tryValue options (nameof SweepArgument.Mem)
            ArrayLimit =
                OptionValue.tryValue options (nameof SweepArgument.Array_Limit)
                |> Option.map (atLeastOne "--array-limit")
            Further = OptionValue.values options (nameof SweepArgument.Sbatch_Arg) |> List.concat
        }

        SlurmOptions.validate asked
        asked

    /// Raises InputException for options that the engine has no use for.
    let private refuse options engine (names: (string * string) list) =
        for case, option in names do
            if OptionValue.isGiven options case then
                raise (InputException $"{option} is of no use {engine}: leave it out.")

    let private ofTasks = [
        nameof SweepArgument.Cells_Per_Task, "--cells-per-task"
        nameof SweepArgument.Cpus_Per_Task, "--cpus-per-task"
        nameof SweepArgument.Time, "--time"
    ]

    let private ofSlurm = [
        nameof SweepArgument.Partition, "--partition"
        nameof SweepArgument.Mem, "--mem"
        nameof SweepArgument.Array_Limit, "--array-limit"
        nameof SweepArgument.Sbatch_Arg, "--sbatch-arg"
    ]

    /// What one coordinator beside its workers needs.
    let private ofWorkers = [
        nameof SweepArgument.Jobs, "--jobs"
        nameof SweepArgument.Fail_Fast, "--fail-fast"
    ]

    /// The engine asked for. Raises InputException for a value that cannot be, or an option that is of another engine.
    let read options =
        let name =
            OptionValue.tryValue options (nameof SweepArgument.Engine)
            |> Option.defaultValue "local"

        Names.require "engine" "--engine" names name
        let isPrinted = OptionValue.isGiven options (nameof SweepArgument.Print_Commands)

        match name, isPrinted with
        | "slurm", true ->
            raise (
                InputException
                    "--print-commands is for schedulers other than Slurm: leave it out, or leave --engine out."
            )
        | "slurm", false ->
            refuse options "with --engine slurm" ofWorkers
            Slurm(slurm options)
        | _, true ->
            refuse options "with --print-commands" (ofSlurm @ ofWorkers)
            Printed(shape options)
        | _, false ->
            refuse options "without --engine slurm" (ofSlurm @ ofTasks)
            ThisMachine

    /// Time that is left of a task's limit once its longest cell has had its own.
    let private margin (limit: TimeSpan) =
        min (TimeSpan.FromMinutes 1.) (limit / 10.)

    /// The time limit of a cell in tasks: one that is given must be within that of a task.
    let cellTimeout (limit: TimeSpan) (usual: TimeSpan) (given: TimeSpan option) =
        match given with
        | None -> min usual (limit - margin limit)
        | Some given when given < limit -> given
        | Some given ->
            raise (
                InputException
                    $"--cell-timeout {given.TotalSeconds} is not below the time limit of a task, {limit.TotalSeconds} s: give more --time, or less here."
            )
