module CausalDebiasing.Tests.Datasets.FileNameTests

open System
open System.IO
open Expecto
open CausalDebiasing.Bench.Datasets

[<Tests>]
let tests =
    testList "file name" [
        testCase "a plain name stays"
        <| fun () -> Expect.equal (FileName.safe "physionet2012-set_a.v1") "physionet2012-set_a.v1" "as it is"

        testCase "no name is a path, too long, or that of another"
        <| fun () ->
            let names = [
                "../../x"
                ".."
                "/etc/passwd"
                "a/b"
                "a:b"
                String('s', 300)
                String('t', 300)
                ""
                "\u00e9"
            ]

            let safe = names |> List.map FileName.safe

            for name in safe do
                Expect.equal (Path.GetFileName name) name "no folder"
                Expect.isFalse (name.StartsWith '.') "not hidden"
                Expect.isTrue (name.Length > 0 && name.Length < 120) "length"

            Expect.hasLength (List.distinct safe) names.Length "all differ"
    ]
