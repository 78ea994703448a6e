namespace CausalDebiasing.Bench.Reporting

open System.IO
open System.Text.RegularExpressions
open CausalDebiasing.Runtime

/// Tables of documents that are copies of tables in files of results, so that no document has a number of its own. Between
///
///     <!-- table: FILE | heading: TEXT | rows: START; START | columns: NAME; NAME -->
///     <!-- end of table -->
///
/// stands the first table of the Markdown file (of those under the heading that contains a text), of which the rows whose first
/// cell begins so and the columns of these names are kept; all but the file may be left out. Below comes the results version that
/// the file names. Every other table with a column of numbers, which is one put to the right, says above which results version it
/// is of.
module DocumentTables =
    /// The line that says of which results version tables are.
    let ofVersion (version: int) = $"*Results version {version}.*"

    let private isVersion (line: string) =
        Regex.IsMatch(line, @"^\*Results version [0-9]+\.\*$")

    let private marked =
        Regex(
            "(?<begin><!-- table: (?<what>.*?) -->\n).*?(?<end><!-- end of table -->)",
            RegexOptions.Singleline
        )

    let private cells (line: string) = [
        for cell: string in Regex.Split(line.Trim().Trim('|'), @"(?<!\\)\|") -> cell.Trim()
    ]

    let private isTable (line: string) = line.StartsWith '|'

    let private parts (text: string) =
        text.Split(';', System.StringSplitOptions.TrimEntries) |> List.ofArray

    let private option (what: string list) (name: string) : string option =
        what
        |> List.tryPick (fun part ->
            if part.StartsWith $"{name}:" then
                Some(part.Substring(name.Length + 1).Trim())
            else
                None)

    let private write (lines: string list list) =
        lines
        |> List.map (fun line -> "| " + String.concat " | " line + " |")
        |> String.concat "\n"

    let private copy document (root: string) (what: string list) =
        let refuse problem =
            raise (InputException $"{document}: {problem}; correct the marker of the table.")

        let file = what.Head.Trim()
        let path = Path.Combine(root, file)

        if not (File.Exists path) then
            refuse $"there is no {file}"

        let lines =
            File.ReadAllText(path).ReplaceLineEndings("\n").Split '\n' |> List.ofArray

        let below =
            match option what.Tail "heading" with
            | None -> lines
            | Some heading ->
                lines
                |> List.skipWhile (fun line -> not (line.StartsWith '#' && line.Contains heading))

        match below |> List.skipWhile (isTable >> not) |> List.takeWhile isTable with
        | header :: rule :: rows ->
            let names = cells header

            let kept =
                match option what.Tail "columns" with
                | None -> [ 0 .. names.Length - 1 ]
                | Some wanted -> [
                    for name in parts wanted ->
                        match List.tryFindIndex ((=) name) names with
                        | Some column -> column
                        | None -> refuse $"{file} has no column '{name}'"
                  ]

            let isKept (row: string list) =
                match option what.Tail "rows" with
                | None -> true
                | Some starts -> parts starts |> List.exists (fun start -> row.Head.StartsWith start)

            match rows |> List.map cells |> List.filter isKept with
            | [] -> refuse $"{file} has no such row"
            | rows ->
                names :: cells rule :: rows
                |> List.map (fun row -> kept |> List.map (fun column -> row[column]))
                |> write
                |> fun table -> table :: List.filter isVersion lines |> String.concat "\n\n"
        | _ -> refuse $"{file} has no such table"

    let private isSaidToBeOld (line: string) =
        Regex.IsMatch(line, "results version [0-9]+", RegexOptions.IgnoreCase)

    /// First lines of the tables of numbers that are not filled from a file and do not say of which results version they are.
    let unsourced (text: string) =
        let lines = marked.Replace(text, "").ReplaceLineEndings("\n").Split '\n'

        [
            for i in 1 .. lines.Length - 1 do
                if isTable lines[i] && Regex.IsMatch(lines[i], @"^\|[\s|:-]*-:[\s|:-]*$") then
                    let above = lines[.. i - 2] |> Array.tryFindBack (fun line -> line.Trim() <> "")

                    if not (Option.exists isSaidToBeOld above) then
                        lines[i - 1]
        ]

    /// The text of a document with its tables as they are in the files now. Raises InputException naming the document.
    let filled (root: string) (document: string) (text: string) =
        marked.Replace(
            text,
            fun found ->
                let what = found.Groups["what"].Value.Split '|' |> List.ofArray |> List.map _.Trim()
                let part (name: string) = found.Groups[name].Value
                part "begin" + $"\n{copy document root what}\n\n" + part "end"
        )
