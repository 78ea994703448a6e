module CausalDebiasing.Tests.Sweeping.NamesTests

open Expecto
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running

[<Tests>]
let tests =
    testList "names" [
        testCase "distances of known pairs"
        <| fun () ->
            Expect.equal (Names.distance "kitten" "sitting") 3 "two replaced, one inserted"
            Expect.equal (Names.distance "" "abc") 3 "all inserted"
            Expect.equal (Names.distance "abc" "") 3 "all deleted"

        testProperty "distance is symmetric and zero only for equal words"
        <| fun (a: char list) (b: char list) ->
            let a, b = System.String(Array.ofList a), System.String(Array.ofList b)
            Names.distance a b = Names.distance b a && (Names.distance a b = 0) = (a = b)

        testCase "the closest name is suggested"
        <| fun () ->
            let known = [ "logistic"; "mt"; "zero-fill-mlp" ]

            Expect.equal
                (Names.hint known "zero-fil-mlp")
                "did you mean 'zero-fill-mlp'?"
                "one letter missing"

            Expect.stringContains
                (Names.hint known "xgboost-deep-forest")
                "known are 'logistic', 'mt'"
                "nothing is close"
    ]
