module CausalDebiasing.Tests.Datasets.DatasetNameTests

open Expecto
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Runtime

let private refuses (parts: string list) name =
    try
        DatasetName.parse name |> ignore
        failtest $"{name} accepted"
    with :? InputException as error ->
        Expect.isFalse (error.Message.Contains '\n') "one line"

        for part in name :: parts do
            Expect.stringContains error.Message part name

[<Tests>]
let tests =
    testList "DatasetName" [
        testCase "says how the rows are divided, and leaves the reader's options in the name"
        <| fun () ->
            for name, expected in
                [
                    "heart-uci", ("heart-uci", Own)
                    "eicu@hour:12@time", ("eicu@hour:12@time", Own)
                    "eicu@hour:12@site:South", ("eicu@hour:12", SiteLeftOut "South")
                    "heart-uci@folds:5", ("heart-uci", Folds 5)
                    "eicu@hour:12@folds:20", ("eicu@hour:12", Folds 20)
                    "eicu@folds:2@hour:12", ("eicu@hour:12", Folds 2)
                ] do
                Expect.equal (DatasetName.parse name) expected name

            Expect.equal (DatasetName.parse (DatasetName.crossValidate "a" 5)) ("a", Folds 5) "there and back"

            Expect.equal
                (DatasetName.parse (DatasetName.leaveOut "a" "b"))
                ("a", SiteLeftOut "b")
                "there and back"

        testCase "of a path only the last name is shown, of a site all of it"
        <| fun () ->
            for name, expected in
                [
                    "heart-uci", "heart-uci"
                    "/home/jo/rhc.json", "rhc.json"
                    "C:\\data\\rhc.json@folds:5", "rhc.json@folds:5"
                    "../a@b/rhc.json@site:MOSF w/Sepsis", "rhc.json@site:MOSF w/Sepsis"
                    "/data/cohort/", "cohort"
                    "eicu@hour:12@site:South", "eicu@hour:12@site:South"
                ] do
                Expect.equal (DatasetName.withoutFolders name) expected name

        testCase "folds out of range, twice or with a site are refused"
        <| fun () ->
            for number in [ ""; "1"; "21"; "-5"; "five"; "5.0" ] do
                refuses [ $"'@folds:{number}'"; "2 to 20" ] $"heart-uci@folds:{number}"

            refuses [ "twice" ] "heart-uci@folds:5@folds:5"
            refuses [ "'@folds' and '@site'" ] "heart-uci@folds:5@site:va"
            refuses [ "'@folds' and '@site'" ] "heart-uci@site:va@folds:5"
    ]
