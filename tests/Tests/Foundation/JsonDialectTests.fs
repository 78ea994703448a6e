module CausalDebiasing.Tests.Foundation.JsonDialectTests

open System.IO
open System.Text.Json
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Debiasing
open CausalDebiasing.Tests.Support
open Expecto

type Word =
    | Fast
    | Slow

type Entry = {
    FullName: string
    Word: Word
    Practice: PracticeUse
    Share: float
    Size: int option
}

type Row = { FullName: string; Size: int option }

let private write dialect (value: 'a) =
    JsonSerializer.Serialize(value, options = dialect)

[<Tests>]
let tests =
    testList "JSON dialects" [
        test "results are one line with words for choices, null for nothing, and NaN" {
            Expect.equal
                (Json.write {
                    FullName = "å <1>"
                    Word = Slow
                    Practice = PracticeUse.WhereEvident
                    Share = nan
                    Size = None
                })
                """{"FullName":"å <1>","Word":"Slow","Practice":"WhereEvident","Share":"NaN","Size":null}"""
                "text"
        }

        test "what is published is indented and in snake case" {
            Expect.equal
                (write JsonDialect.published [ { FullName = "å <1>"; Size = Some 2 } ])
                "[\n  {\n    \"full_name\": \"å <1>\",\n    \"size\": 2\n  }\n]"
                "text"
        }

        test "what people write is indented, in camel case and without nulls" {
            let text = write JsonDialect.handwritten { FullName = "å <1>"; Size = None }
            Expect.equal text "{\n  \"fullName\": \"å <1>\"\n}" "text"

            Expect.equal
                (JsonSerializer.Deserialize<Row>(
                    """{ "fullName": -9, /* none */ }""",
                    JsonDialect.handwritten
                ))
                { FullName = "-9"; Size = None }
                "a number stands for itself"
        }

        test "the blessed tolerances are written as they are stored" {
            let folder =
                Path.Combine(Option.get (Repository.tryRoot ()), "results", "reference")

            let stored = File.ReadAllText(Path.Combine(folder, "tolerances.json"))
            let tolerances = (Regression.load folder).Tolerances
            Expect.equal (write JsonDialect.published tolerances + "\n") stored "bytes"
        }
    ]
