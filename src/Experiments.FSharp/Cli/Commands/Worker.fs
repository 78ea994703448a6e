/// `worker`: computes cells for a coordinator; not for people.
module CausalDebiasing.Bench.Cli.Commands.Worker

open System
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Running
open CausalDebiasing.Runtime

let run arguments =
    let options = Parsing.parse<WorkerArgument> "worker" arguments
    use _ = Signals.leaveToCoordinator ()
    TorchRuntime.Threads <- 1

    let access = Suite.dataAccess (options.TryGetResult WorkerArgument.Data_Root)

    let runCell =
        RunCell(
            Suite.laboratory
                access
                (options.GetResult WorkerArgument.Out)
                (not (options.Contains WorkerArgument.No_Predictions))
        )

    WorkerLoop.run WorkerLoop.die runCell.Run Console.In Console.Out
    Exit.Success
