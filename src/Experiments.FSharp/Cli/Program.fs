module CausalDebiasing.Bench.Cli.Program

open System.IO
open CausalDebiasing.Bench.Cli.Commands

/// Says on standard error what went wrong; nothing where that is closed.
let private say (text: string) =
    try
        let line = text.ReplaceLineEndings(" ").Trim()
        eprintfn $"error: {line}"
    with :? IOException ->
        ()

/// Runs the program. The user's mistakes and defects are one line on standard error, never a stack trace.
[<EntryPoint>]
let main arguments =
    Culture.useInvariant ()

    try
        use _ = Signals.handle ()
        StandardOutput.check ()
        Verbs.run (List.ofArray arguments)
    with failure ->
        let text, code = FailureText.explain arguments failure
        say text
        code
