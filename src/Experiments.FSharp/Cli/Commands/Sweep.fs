/// `sweep`: the product of the values given for every axis.
module CausalDebiasing.Bench.Cli.Commands.Sweep

open Argu
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running
open CausalDebiasing.Bench.Worlds

let private grid datasets (options: ParseResults<SweepArgument>) =
    let mechanisms =
        options.GetResult(SweepArgument.Mechanism, defaultValue = [ Mechanism.name Natural ])

    let sizes = options.TryGetResult SweepArgument.Train_Size

    {
        Datasets = datasets
        Baselines = options.GetResult(SweepArgument.Baselines, defaultValue = [ "zero-fill-mlp" ])
        Variants =
            options.TryGetResult SweepArgument.Variants
            |> Option.map (List.map (Variant.parse "--variants"))
            |> Option.defaultValue [ Variant.plain; Variant.recommended ]
        Candidates = options.GetResult(SweepArgument.Tune, defaultValue = 1)
        MissingRates =
            options.GetResult(SweepArgument.Missing_Rate, defaultValue = [ UsualCondition.missingRate ])
        Mechanisms = mechanisms |> List.map (Grid.mechanism "--mechanism")
        MechanismStrengths =
            options.GetResult(
                SweepArgument.Mechanism_Strength,
                defaultValue = [ UsualCondition.mechanismStrength ]
            )
        Confoundings =
            options.GetResult(SweepArgument.Confounding, defaultValue = [ UsualCondition.confounding ])
        Signals = options.GetResult(SweepArgument.Signal, defaultValue = [ UsualCondition.signal ])
        TrainSizes = sizes |> Option.map (List.map Some) |> Option.defaultValue [ None ]
        Seeds = options.GetResult(SweepArgument.Seeds, defaultValue = [ 1..3 ])
    }

/// For real data only what was asked for: a missing rate or mechanism alone stands with the worlds' value of the other,
/// the mechanism being MCAR.
let private onRealData (options: ParseResults<SweepArgument>) grid =
    let recorded = Grid.asRecorded grid

    let hides =
        options.Contains SweepArgument.Missing_Rate
        || options.Contains SweepArgument.Mechanism

    {
        (if hides then grid else recorded) with
            Mechanisms =
                if options.Contains SweepArgument.Mechanism then
                    grid.Mechanisms
                elif hides then
                    [ Mcar ]
                else
                    recorded.Mechanisms
            Confoundings =
                if options.Contains SweepArgument.Confounding then
                    grid.Confoundings
                else
                    recorded.Confoundings
    }

/// The cells of the worlds, then those of the real data sets.
let private plan catalog datasets options =
    let grid = grid datasets options
    Grid.validate catalog grid

    let worlds, recorded =
        datasets |> List.partition (fun name -> List.contains name WorldCatalog.names)

    [
        { grid with Datasets = worlds }
        onRealData options { grid with Datasets = recorded }
    ]
    |> List.filter (fun grid -> not grid.Datasets.IsEmpty)
    |> List.map (Plan.ofGrid catalog "sweep")
    |> List.fold Plan.append Plan.empty

let run commandLine arguments =
    let options = Parsing.parse<SweepArgument> "sweep" arguments

    let running: SharedOptions.Running = {
        Folder = options.GetResult(SweepArgument.Out, defaultValue = "results/sweep")
        DataRoot = options.TryGetResult SweepArgument.Data_Root
        Runner =
            SharedOptions.runner
                (options.TryGetResult SweepArgument.Jobs)
                (options.TryGetResult SweepArgument.Cell_Timeout)
                (options.Contains SweepArgument.Fail_Fast)
        Rerun =
            SharedOptions.rerun (options.Contains SweepArgument.Force) (options.Contains SweepArgument.Failed)
        IsDry = options.Contains SweepArgument.Dry_Run
    }

    let access = Suite.dataAccess running.DataRoot

    let datasets =
        options.GetResult(SweepArgument.Dataset, defaultValue = [ "acquisition" ])
        |> LeaveOut.expand access (options.GetResult(SweepArgument.Leave_Out, defaultValue = []))

    let catalog = Suite.catalogWith access datasets

    let plan = plan catalog datasets options |> Plan.requireData |> Plan.requireCells

    SharedOptions.run catalog running {
        Command = commandLine
        Profile = "sweep"
        Plan = plan
    }
