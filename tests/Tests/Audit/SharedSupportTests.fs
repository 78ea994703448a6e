module CausalDebiasing.Tests.Audit.SharedSupportTests

open CausalDebiasing.Bench.Audit
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support
open Expecto

let private supportOf kind =
    let world = SiteShift.world 5
    let shift = SiteShift.create kind world (SiteShift.population world "mean" 1 20000)
    let sample = SiteShift.population world "test" 0 4000
    let cohort, isTarget = SiteShift.draw shift "test" sample 2000
    let values = RecordedValues.ofCohort cohort
    let support = SiteLoss.support values (AuditData.rows cohort) isTarget
    cohort, isTarget, support, SiteShift.densities shift cohort

let private flat (weights: StepWeights) =
    List.map List.ofArray [
        weights.SourceMix
        weights.SourceShared
        weights.TargetShared
        weights.TargetMix
    ]
    |> List.concat

[<Tests>]
let tests =
    Trained.tests "Audit.shared support" [
        test "estimated weights are the exact ones, about" {
            let _, isTarget, support, at = supportOf AllMove
            let weights = SharedSupport.weightsOf support

            let correlation pick exact target =
                let own =
                    [| 0 .. isTarget.Length - 1 |]
                    |> Array.filter (fun row -> isTarget[row] = target)

                MathNet.Numerics.Statistics.Correlation.Pearson(
                    own |> Array.map (fun row -> (pick weights: float[])[row]),
                    own |> Array.map (fun row -> (exact at[row]: float))
                )

            Expect.isGreaterThan (correlation _.SourceMix _.Mix false) 0.95 "x at home"
            Expect.isGreaterThan (correlation _.TargetMix (fun at -> 1. - at.Mix) true) 0.95 "x there"

            Expect.isGreaterThan
                (correlation _.SourceShared (fun at -> at.Mix * at.Measuring / at.MeanMeasuring) false)
                0.9
                "x and r at home"
        }

        test "a bootstrap sample in which every row is there once changes nothing" {
            let cohort, _, support, _ = supportOf MeasuringMoves
            let again = SharedSupport.replicate support (Array.create cohort.Count 1.)

            List.iter2
                (fun (expected: float) actual -> Expect.floatClose Accuracy.medium actual expected "weight")
                (flat (SharedSupport.weightsOf support))
                (flat again)
        }

        test "one step from the fit is close to a fit on the bootstrap sample" {
            let cohort, isTarget, support, _ = supportOf AllMove
            let counts = (SiteLoss.draws (Seed 1UL) (cohort.Patients.ToArray()) isTarget)[0]

            let drawn =
                counts
                |> Array.mapi (fun row count -> Array.replicate (int count) row)
                |> Array.concat

            let refitted =
                SharedSupport.fit
                    (drawn |> Array.map (fun row -> isTarget[row]))
                    (Design.select drawn support.Mix)
                    (Design.select drawn support.Joint)
                |> SharedSupport.weightsOf

            let stepped = SharedSupport.replicate support counts
            let before = SharedSupport.weightsOf support

            let distance (a: float[]) (b: float[]) =
                Array.map2 (fun x y -> abs (x - y)) a b |> Array.average

            let ofDrawn (weights: float[]) =
                drawn |> Array.map (fun row -> weights[row])

            Expect.isLessThan
                (distance (ofDrawn stepped.SourceShared) refitted.SourceShared)
                (0.4 * distance (ofDrawn before.SourceShared) refitted.SourceShared)
                "closer than the weights of all rows"
        }

        test "where nothing differs all is shared" {
            let _, _, support, _ = supportOf NothingMoves
            let mix, measuring = SharedSupport.shares support
            Expect.isGreaterThan mix 0.97 "x"
            Expect.isGreaterThan measuring 0.9 "x and r"
            let _, _, moved, _ = supportOf AllMove
            Expect.isLessThan (snd (SharedSupport.shares moved)) 0.85 "less where all moves"
        }
    ]
