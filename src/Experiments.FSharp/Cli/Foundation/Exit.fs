/// Exit codes of the program.
module CausalDebiasing.Bench.Cli.Exit

[<Literal>]
let Success = 0

/// A check did not hold, or cells failed.
[<Literal>]
let CheckFailed = 1

/// The user's mistake.
[<Literal>]
let BadInput = 2

/// Stopped by Ctrl-C.
[<Literal>]
let Interrupted = 130
