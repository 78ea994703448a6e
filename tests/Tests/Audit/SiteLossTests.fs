module CausalDebiasing.Tests.Audit.SiteLossTests

open CausalDebiasing.Bench.Audit
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support
open Expecto

let private lossIn kind =
    let world = SiteShift.world 7
    let sample = SiteShift.population world "test" 0 3000

    let cohort, isTarget =
        SiteShift.draw (SiteShift.create kind world sample) "test" sample 2000

    let there, home =
        AuditData.rows cohort |> Array.partition (fun row -> isTarget[row])

    SiteLoss.ofRows (RecordedValues.ofCohort cohort) (Toy.seed 1) "there" home there

let private isClear (part: Estimate) = part.Low > 0. || part.High < 0.

[<Tests>]
let tests =
    Trained.tests "Audit.site loss" [
        test "the parts add up to the change" {
            let loss = lossIn AllMove

            for split in [ loss.Auroc; loss.LogLoss ] do
                Expect.floatClose
                    Accuracy.high
                    (split.CaseMix.Mean + split.Measuring.Mean + split.Outcome.Mean)
                    split.Change.Mean
                    "sum"

                Expect.floatClose
                    Accuracy.high
                    (split.There.Mean - split.AtHome.Mean)
                    split.Change.Mean
                    "difference"
        }

        test "a new relation to the outcome is found as that" {
            let loss = lossIn OutcomeMoves
            Expect.isLessThan loss.Auroc.Outcome.High 0. "outcome"
            Expect.isFalse (isClear loss.Auroc.CaseMix && abs loss.Auroc.CaseMix.Mean > 0.01) "case mix"
            Expect.isFalse (isClear loss.Auroc.Measuring && abs loss.Auroc.Measuring.Mean > 0.01) "measuring"
        }

        test "coverage counts what its name says" {
            let found = Coverage.find 50 1 (fun _ _ -> ())
            Expect.equal found.Length (SiteShift.kinds.Length * 2 * 4) "kinds, scores, parts"

            for one in found do
                Expect.equal one.Worlds 1 "worlds"
                let isInside = abs one.Bias <= one.HalfWidth
                Expect.equal (one.Covered = 1) isInside $"{one}"

            let truth kind part =
                found
                |> List.find (fun one -> one.Kind = kind && one.Part = part && one.Score = "AUROC")
                |> _.Truth

            for part in [ "case mix"; "measuring"; "outcome" ] do
                Expect.isLessThan (abs (truth "nothing" part)) 0.01 "nothing moves"

            Expect.isLessThan (truth "outcome" "outcome") -0.05 "the outcome moves"
            Expect.isLessThan (abs (truth "outcome" "measuring")) 0.01 "nothing else"
        }
    ]
