namespace CausalDebiasing.Bench.Evidence

/// Texts in csv files that spreadsheets open: a text that would be a formula there gets an apostrophe in front.
module CsvText =
    let private formulaMarks = set [ '='; '+'; '-'; '@'; '\t'; '\r' ]

    let private wouldCalculate (text: string) =
        let start = text.TrimStart '\''
        start <> "" && formulaMarks.Contains start[0]

    /// The text as it is written.
    let guard (text: string) =
        if wouldCalculate text then "'" + text else text

    /// The text that was written.
    let unguard (text: string) =
        if text.StartsWith '\'' && wouldCalculate text then
            text.Substring 1
        else
            text

    /// SQL for the text that was written, in DuckDB.
    let unguardSql (expression: string) =
        $"regexp_replace({expression}, '^''(''*[=+@\\t\\r-])', '\\1')"
