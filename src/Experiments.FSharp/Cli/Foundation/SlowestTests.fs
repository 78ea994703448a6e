/// Which tests take longest, by the summary that the test runner writes in JUnit's form.
module CausalDebiasing.Bench.Cli.SlowestTests

open System.Globalization
open System.IO
open System.Xml
open System.Xml.Linq

let private attribute (name: string) (case: XElement) =
    match case.Attribute(XName.Get name) with
    | null -> ""
    | value -> value.Value

let private seconds case =
    match System.Double.TryParse(attribute "time" case, CultureInfo.InvariantCulture) with
    | true, time -> time
    | false, _ -> 0.

/// A line each of the slowest tests, slowest first, with their seconds; none where there is no whole summary.
let lines count (summary: string) =
    try
        XDocument.Load(summary).Descendants(XName.Get "testcase")
        |> List.ofSeq
        |> List.sortByDescending seconds
        |> List.truncate count
        |> List.map (fun case -> $"""{seconds case, 8:f1} s  {attribute "name" case}""")
    with
    | :? IOException
    | :? XmlException -> []
