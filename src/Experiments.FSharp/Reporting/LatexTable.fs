namespace CausalDebiasing.Bench.Reporting

/// Tables for papers, in LaTeX with booktabs: names of data sets, sites and models are text there, whatever they look like.
module LatexTable =
    let private special =
        Map [
            '\\', @"\textbackslash{}"
            '~', @"\textasciitilde{}"
            '^', @"\textasciicircum{}"
            '<', @"\textless{}"
            '>', @"\textgreater{}"
            '|', @"\textbar{}"
            '"', @"\textquotedbl{}"
            for letter in "&%$#_{}" do
                letter, $@"\{letter}"
        ]

    /// The text on one line, with what LaTeX would read as its own as commands.
    let escape (text: string) =
        text.ReplaceLineEndings " "
        |> String.collect (fun letter -> Map.tryFind letter special |> Option.defaultValue (string letter))

    /// A cell; behind the end of a row LaTeX takes a bracket or a star for its own.
    let private cell (text: string) =
        let escaped = escape text

        if escaped.StartsWith '[' || escaped.StartsWith '*' then
            "{}" + escaped
        else
            escaped

    let private row cells =
        "  " + (cells |> List.map cell |> String.concat " & ") + @" \\"

    /// Rows of a table that still fits on a page.
    let private mostRows = 40

    /// A table with caption, label and note; one that is longer than a page goes over several (longtable). Columns are names with whether
    /// they hold numbers, which are put to the right.
    let write
        (label: string)
        (title: string)
        (columns: (string * bool) list)
        (rows: string list list)
        (note: string)
        =
        let alignment =
            columns
            |> List.map (fun (_, isNumber) -> if isNumber then "r" else "l")
            |> String.concat ""

        let head = [ @"  \toprule"; row (List.map fst columns); @"  \midrule" ]
        let caption = $@"\caption{{{escape title}}}\label{{tab:{label}}}"

        let lines =
            if rows.Length > mostRows then
                [
                    "% needs \\usepackage{booktabs,longtable}"
                    $@"\begin{{longtable}}{{{alignment}}}"
                    $@"  {caption} \\"
                    yield! head
                    @"  \endhead"
                    @"  \bottomrule"
                    @"  \endfoot"
                    yield! List.map row rows
                    @"\end{longtable}"
                    if note <> "" then
                        $@"\noindent{{\footnotesize {escape note}\par}}"
                ]
            else
                [
                    "% needs \\usepackage{booktabs}"
                    @"\begin{table}"
                    @"  \centering"
                    $"  {caption}"
                    $@"  \begin{{tabular}}{{{alignment}}}"
                    yield! head
                    yield! List.map row rows
                    @"  \bottomrule"
                    @"  \end{tabular}"
                    if note <> "" then
                        $@"  \par\footnotesize {escape note}"
                    @"\end{table}"
                ]

        String.concat "\n" lines + "\n"
