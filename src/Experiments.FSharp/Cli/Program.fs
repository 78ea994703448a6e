module CausalDebiasing.Bench.Cli.Program

[<EntryPoint>]
let main _ = 0
