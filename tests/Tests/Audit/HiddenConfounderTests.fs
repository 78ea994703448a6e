module CausalDebiasing.Tests.Audit.HiddenConfounderTests

open CausalDebiasing.Bench.Audit
open Expecto

[<Tests>]
let tests =
    testList "Audit.hidden confounder" [
        test "candidates are those of the search, with why they are left in" {
            let found =
                HiddenConfounder.candidates (
                    Map [
                        "patterns.kept", "12"
                        "practice.count", "1"
                        "practice.1.kinds", "2"
                        "practice.1.states", "3"
                        "practice.1.z", "14.20"
                        "practice.1.z.states", "8.10"
                        "practice.1.separations", "0.10 1.20 0.55 0.00"
                        "practice.1.q", "60.00"
                        "practice.1.df", "4"
                        "practice.1.p", "1e-12"
                        "practice.1.recorded", "0.61"
                        "practice.2.kinds", "2"
                        "practice.2.z", "3.50"
                        "practice.2.p", "0.2"
                        "practice.2.doubt", "sites do not differ in how they relate to the outcome"
                    ]
                )

            Expect.equal (found |> List.map _.Kinds) [ 2; 2 ] "two rounds"
            Expect.equal (found[0].ShowsIn, found[0].Doubt) (2, None) "first"
            Expect.floatClose Accuracy.high found[0].SitesP 1e-12 "p"
            Expect.isSome found[1].Doubt "second"
            Expect.isEmpty (HiddenConfounder.candidates (Map [ "patterns.kept", "1" ])) "none"
        }
    ]
