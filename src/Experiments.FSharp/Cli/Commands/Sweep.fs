/// `sweep`: the product of the values given for every axis.
module CausalDebiasing.Bench.Cli.Commands.Sweep

open Argu
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running
open CausalDebiasing.Bench.Worlds

let run commandLine arguments =
    let options = Parsing.parse<SweepArgument> "sweep" arguments

    let engine = Engine.read options

    let running: SharedOptions.Running = {
        Folder = options.GetResult(SweepArgument.Out, defaultValue = "results/sweep")
        DataRoot = options.TryGetResult SweepArgument.Data_Root
        Engine = engine
        Runner =
            SharedOptions.runnerOf
                engine
                (options.TryGetResult SweepArgument.Jobs)
                (options.TryGetResult SweepArgument.Cell_Timeout)
                (options.Contains SweepArgument.Fail_Fast)
        Rerun =
            SharedOptions.rerun (options.Contains SweepArgument.Force) (options.Contains SweepArgument.Failed)
        KeepsPredictions = not (options.Contains SweepArgument.No_Predictions)
        IsDry = options.Contains SweepArgument.Dry_Run
    }

    let access = Suite.dataAccess running.DataRoot
    let datasets = ConditionAxes.datasets access options

    let baselines =
        options.GetResult(SweepArgument.Baselines, defaultValue = [ "zero-fill-mlp" ])

    let variants = ConditionAxes.variants options

    let planned = Suite.catalogWith access datasets (Suite.externals baselines)

    let catalog, plan =
        ConditionAxes.plan
            planned
            datasets
            baselines
            variants
            (options.GetResult(SweepArgument.Tune, defaultValue = 1))
            options
        |> ScoredCells.keep access planned running.Folder

    SharedOptions.run catalog running {
        Command = commandLine
        Profile = "sweep"
        Plan = plan
    }
