/// `reproduce`: all experiments of a profile.
module CausalDebiasing.Bench.Cli.Commands.Reproduce

open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Experiments
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running

let run commandLine arguments =
    let options = Parsing.parse<ReproduceArgument> "reproduce" arguments

    let profile =
        options.TryGetResult ReproduceArgument.Profile
        |> Option.map (Profile.parse "--profile")
        |> Option.defaultValue Quick

    let name = Profile.name profile

    let engine = Engine.read options

    let running: SharedOptions.Running = {
        Folder = options.GetResult(ReproduceArgument.Out, defaultValue = $"results/{name}")
        DataRoot = options.TryGetResult ReproduceArgument.Data_Root
        Engine = engine
        Runner =
            SharedOptions.runnerOf
                engine
                (options.TryGetResult ReproduceArgument.Jobs)
                (options.TryGetResult ReproduceArgument.Cell_Timeout)
                (options.Contains ReproduceArgument.Fail_Fast)
        Rerun =
            SharedOptions.rerun
                (options.Contains ReproduceArgument.Force)
                (options.Contains ReproduceArgument.Failed)
        KeepsPredictions = not (options.Contains ReproduceArgument.No_Predictions)
        IsDry = options.Contains ReproduceArgument.Dry_Run
    }

    let access = Suite.dataAccess running.DataRoot

    let datasets =
        options.GetResult(ReproduceArgument.Dataset, defaultValue = [])
        |> LeaveOut.expand access (options.GetResult(ReproduceArgument.Leave_Out, defaultValue = []))

    let catalog = Suite.catalogWith access (datasets @ Experiments.spelledDatasets) []

    let plan =
        if datasets.IsEmpty then
            Experiments.plan catalog profile
        else
            RealData.plan catalog profile datasets |> Plan.requireData

    let catalog, plan = ScoredCells.keep access catalog running.Folder plan

    SharedOptions.run catalog running {
        Command = commandLine
        Profile = name
        Plan = plan
    }
