module CausalDebiasing.Tests.Cli.ListNamesTests

open Expecto
open CausalDebiasing.Bench.Cli.Commands
open CausalDebiasing.Tests.Support

[<Tests>]
let tests =
    testList "list" [
        testCase "every name has one line of its own, no longer than a screen is wide"
        <| fun () ->
            for kind, _, lines in ListNames.kinds do
                Expect.isNonEmpty lines kind

                for name, about in lines do
                    Expect.isNotEmpty about $"{kind} {name}"
                    Expect.isFalse (about.Contains '\n') $"{kind} {name}: one line"

                // Those of data sets are the titles of releases, which several have in common.
                if kind <> "datasets" then
                    let distinct = lines |> List.map snd |> List.distinct
                    Expect.equal distinct.Length lines.Length $"{kind}: lines tell names apart"

        testCase "one kind is shown, and an unknown one is answered with those there are"
        <| fun () ->
            let shown = CommandLine.run [ "list"; "variants" ]
            Expect.equal shown.ExitCode 0 "exit code"
            Expect.stringContains shown.Output "recommended-no-branch" "variants"
            Expect.isFalse (shown.Output.Contains "hospital-null") "no worlds"
            let refused = CommandLine.run [ "list"; "world" ]
            Expect.equal refused.ExitCode 2 "exit code"
            Expect.stringContains (String.concat "" refused.Errors) "worlds" "a hint"
    ]
