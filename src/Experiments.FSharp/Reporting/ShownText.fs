namespace CausalDebiasing.Bench.Reporting

open System.Text.RegularExpressions

/// Text that leaves the machine: what is shown of a run says the names of files and folders, not where they are.
module ShownText =
    let private quoted =
        Regex("""(?<quote>['"])(?:~?/|[A-Za-z]:[\\/])(?:[^'"]*[\\/])?(?<name>[^'"\\/]+)[\\/]?\k<quote>""")

    let private bare =
        Regex(
            """(?<![\w:/\\.~<])(?:~?/|[A-Za-z]:[\\/])(?:[^\s\\/'"<>,;()]+[\\/])*(?<name>[^\s\\/'"<>,;()]+)[\\/]?"""
        )

    /// The text with every absolute path cut to its last name.
    let byName (text: string) =
        bare.Replace(quoted.Replace(text, "${quote}${name}${quote}"), "${name}")
