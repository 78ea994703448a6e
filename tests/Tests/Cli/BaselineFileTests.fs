module CausalDebiasing.Tests.Cli.BaselineFileTests

open System.IO
open Expecto
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support.TempFolder

let private refused folder taken id =
    try
        BaselineFile.create folder taken id |> ignore
        failtest "nothing was raised"
    with :? InputException as mistake ->
        Expect.isFalse (mistake.Message.Contains '\n') "one line"
        mistake.Message

[<Tests>]
let tests =
    testList "baseline file" [
        testCase "is short, and names id, class and the place to change"
        <| fun () ->
            withFolder (fun folder ->
                let file = BaselineFile.create folder [ "mt" ] "gated-mean-2"
                Expect.equal (Path.GetFileName file) "GatedMean2.cs" "name"
                let text = File.ReadAllText file
                Expect.isLessThanOrEqual (File.ReadAllLines file).Length 40 "lines"
                Expect.stringContains text "[Baseline(\"gated-mean-2\", Title = \"Gated mean 2\"" "attribute"
                Expect.stringContains text "public sealed class GatedMean2 : Backbone" "class"
                Expect.stringContains text "Your method goes here" "where to start"
                Expect.isFalse (text.Contains '{' && text.Contains "{{") "nothing left to fill in"
                Expect.equal (Directory.GetFiles folder).Length 1 "one file")

        testCase "ids that are none, taken or clash are refused"
        <| fun () ->
            withFolder (fun folder ->
                for id in
                    [
                        ""
                        "MyModel"
                        "my_model"
                        "2model"
                        "-model"
                        "my--model"
                        "model-"
                        "my model"
                        "../x"
                    ] do
                    Expect.stringContains (refused folder [] id) "cannot be the id" id

                Expect.stringContains (refused folder [ "mt" ] "mt") "is a baseline 'mt' already" "taken"

                for id in [ "batch"; "shared"; "tensor"; "math"; "zero-fill-mlp" ] do
                    Expect.stringContains (refused folder [] id) "name of something else" id

                Expect.isEmpty (Directory.GetFiles folder) "nothing was written")

        testCase "a file that is there is kept"
        <| fun () ->
            withFolder (fun folder ->
                let file = Path.Combine(folder, "MyModel.cs")
                File.WriteAllText(file, "mine")
                Expect.stringContains (refused folder [] "my-model") file "names the file"
                Expect.equal (File.ReadAllText file) "mine" "untouched")
    ]
