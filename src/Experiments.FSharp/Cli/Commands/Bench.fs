/// `bench`: the micro-benchmarks.
module CausalDebiasing.Bench.Cli.Commands.Bench

open System.Diagnostics
open CausalDebiasing.Bench.Cli

let run (arguments: string list) =
    let benchmarks = Repository.program "tests/Benchmarks" "CausalDebias.Benchmarks"
    use interruption = new Interruption()
    use runner = nonNull (Process.Start(DotNetHost.start benchmarks arguments))
    use _ = interruption.Token.Register(fun () -> runner.Kill(entireProcessTree = true))
    runner.WaitForExit()
    runner.ExitCode
