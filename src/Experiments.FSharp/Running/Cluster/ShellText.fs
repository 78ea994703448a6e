/// Commands as a POSIX shell reads them, for people to hand to whatever runs them.
module CausalDebiasing.Bench.Running.Cluster.ShellText

/// A word that a shell takes as it is, whatever is in it.
let quote (word: string) = "'" + word.Replace("'", "'\\''") + "'"

/// A command on one line, to be run in a folder.
let command folder (words: string list) =
    let words = words |> List.map quote |> String.concat " "
    $"cd {quote folder} && {words}"
