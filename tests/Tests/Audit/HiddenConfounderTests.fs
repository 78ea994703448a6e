module CausalDebiasing.Tests.Audit.HiddenConfounderTests

open CausalDebiasing.Bench.Audit
open CausalDebiasing.Debiasing
open Expecto

[<Tests>]
let tests =
    testList "Audit.hidden confounder" [
        test "numbers of a search are those of its evidence, and say what was done" {
            let evidence =
                PracticeEvidence(
                    Kinds = 2,
                    States = 3,
                    Z = 14.2,
                    ZOverStates = 8.1,
                    Separations = [| 0.1; 1.2; 0.5; 0.496 |],
                    Recorded = 0.61,
                    Heterogeneity = SiteHeterogeneity(60., 4)
                )

            let taken = evidence.Finding true
            Expect.equal (taken.Kinds, taken.States, taken.Z) (2, 3, 14.2) "kinds"
            Expect.equal taken.ModalitiesApart 2 "0.496 is below 0.5"
            Expect.isLessThan taken.SitesP 1e-9 "sites differ"
            Expect.isTrue taken.IsTakenOut "taken for practice"
            Expect.isNull taken.Doubt "and not doubted"

            let alike =
                PracticeEvidence(Kinds = 2, Separations = [| 1.; 1. |], ZOverStates = 8.1).Finding false

            Expect.stringContains (nonNull alike.Doubt) "sites do not differ" "left in"

            let undefined =
                PracticeEvidence(Kinds = 2, Z = nan, ZOverStates = nan).Finding false

            Expect.equal undefined.Z 0. "what is undefined can be stored"
            Expect.isFalse undefined.ZOverStates.HasValue "what is undefined can be stored"
            let nothing = PracticeEvidence().Finding false
            Expect.isFalse nothing.Recorded.HasValue "no numbers where there are no kinds"
            Expect.isNull nothing.Doubt "nor a doubt"
        }
    ]
