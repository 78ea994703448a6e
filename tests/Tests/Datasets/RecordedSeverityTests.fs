module CausalDebiasing.Tests.Datasets.RecordedSeverityTests

open Expecto
open MathNet.Numerics.Statistics
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.WorldSupport

let private rows = 12_000

/// A number that goes with the outcome and is missing in places, one that does not, and codes that tell the outcome.
let private draw codesTell =
    let seed = Seed 8UL
    let normals name = Draws.normals seed name rows
    let severity = normals "severity"

    let outcomes =
        Array.map2
            (fun u s -> if u < 1. / (1. + exp (1. - s)) then 1f else 0f)
            (Draws.uniforms seed "outcome" rows)
            severity

    let seen = Draws.uniforms seed "seen" rows

    severity,
    Cohort(
        [
            Modality.Tabular("signs", 1)
            Modality.Tabular("noise", 1)
            Modality.Codes("codes", 1, 2)
        ],
        [
            severity |> Array.map (fun s -> float32 (50. + 10. * s))
            normals "noise" |> Array.map float32
            outcomes |> Array.map (fun y -> if codesTell then 1f + y else 1f)
        ],
        Array.init (rows * 3) (fun i -> i % 3 > 0 || seen[i / 3] < 0.8),
        outcomes,
        Array.zeroCreate rows,
        [ "only" ],
        Array.init rows int64
    )

let private correlation (a: float[]) (b: float[]) = Correlation.Pearson(a, b)

let private select (flags: bool[]) (values: 'a[]) =
    Array.zip flags values |> Array.filter fst |> Array.map snd

let private spec = {
    Dataset = "toy"
    MissingRate = Some 0.3
    Mechanism = MnarLatent
    MechanismStrength = 2.
    Confounding = 0.
    Signal = 1.
    TrainSize = None
    Unbiased = false
    Seed = 3
}

[<Tests>]
let tests =
    testList "RecordedSeverity" [
        testCase "is the risk that the numbers tell, standardised in the training rows"
        <| fun () ->
            let truth, cohort = draw true
            let train, other = cohort.Select [| 0..7999 |], cohort.Select [| 8000 .. rows - 1 |]
            let severity = RecordedSeverity.fit train
            let inTraining = severity train
            Expect.floatClose Accuracy.medium (Statistics.Mean inTraining) 0. "mean"

            Expect.floatClose
                Accuracy.medium
                (Statistics.StandardDeviation inTraining)
                1.
                "standard deviation"

            let seen = Array.init other.Count (fun row -> other.IsObserved(row, 0))
            let found = severity other

            Expect.isGreaterThan
                (correlation (select seen truth[8000..]) (select seen found))
                0.99
                "the number that goes with the outcome"

            let hidden = select (Array.map not seen) found
            Expect.isLessThan (Statistics.StandardDeviation hidden) 0.1 "the mean where it is missing"
            Expect.isLessThan (abs (Statistics.Mean hidden)) 0.1 "of the training rows"

            let blind = other.WithLabels(Array.zeroCreate other.Count)
            Expect.equal (severity blind) found "outcomes to be predicted play no part"

            Expect.equal
                (RecordedSeverity.fit (snd (draw false)) cohort)
                (RecordedSeverity.fit cohort cohort)
                "nor do codes"

        testCase "nothing to tell is no severity"
        <| fun () ->
            let bare = CohortValues.keep (fun _ -> false) (snd (draw true))
            Expect.all (RecordedSeverity.fit bare bare) ((=) 0.) "zero"

        testCase "severity decides what is hidden, not at all in do, and oppositely in reversed"
        <| fun () ->
            let loaded: LoadedCohort =
                let cohort = snd (draw true)

                {
                    Cohort = cohort
                    Card = CohortCard.ofCohort "toy" [] [] 0 None cohort
                    Split = None
                    Groups = []
                    ContentHash = ""
                }

            let injected = DatasetStudy.study loaded Own spec

            let recorded =
                DatasetStudy.study loaded Own {
                    spec with
                        MissingRate = None
                        Mechanism = Natural
                }

            let before = recorded.Tests.Head.Cohort
            let severity = RecordedSeverity.fit recorded.Train before

            let association condition m =
                let after =
                    (injected.Tests |> List.find (fun test -> test.Condition = condition)).Cohort

                let missing = missingFlags after m

                // Among patients without the event: not by way of the outcome.
                let shown =
                    Array.init before.Count (fun row -> before.IsObserved(row, m) && before.Labels[row] = 0f)

                correlation (select shown missing) (select shown severity)

            for m in 1..2 do
                Expect.isGreaterThan (abs (association "id" m)) 0.3 "id"
                Expect.isLessThan (abs (association "do" m)) 0.07 "do"
                Expect.isLessThan (association "id" m * association "reversed" m) -0.1 "reversed"
    ]
