module CausalDebiasing.Tests.Worlds.LinearWorldsTests

open Expecto
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support
open CausalDebiasing.Tests.WorldSupport

let private draws = 60_000

/// Weighted mean over simulated patients of P(y = 1) with the row's observed values: `simulate i` gives the law of
/// patient i's values and the confounder's part, `weigh` a weight from that law.
let private average
    signal
    (weights: float[][])
    (cohort: Cohort)
    row
    weigh
    (simulate: int -> (int -> int -> float) * float)
    =
    let noise = Array.init 4 (fun m -> Draws.normals (Seed 6UL) $"{m}" (draws * 8))

    let weighted, total =
        Seq.init draws (fun i ->
            let mean, confounder = simulate i
            let mutable sum = confounder

            for m in 0..3 do
                for f in 0..7 do
                    let x =
                        if cohort.IsObserved(row, m) then
                            float (cohort.Row(m, row)[f])
                        else
                            mean m f + noise[m][i * 8 + f]

                    sum <- sum + weights[m][f] * x

            let weight = weigh mean
            weight * Gradients.sigmoid (signal * sum), weight)
        |> Seq.fold (fun (a, b) (x, w) -> a + x, b + w) (0., 0.)

    weighted / total

/// After do(x_obs) nobody is more likely than anybody else.
let private intervene signal weights cohort row simulate =
    average signal weights cohort row (fun _ -> 1.) simulate

/// The likelihood of the row's observed values.
let private likelihood (cohort: Cohort) row (mean: int -> int -> float) =
    let mutable log = 0.

    for m in 0..3 do
        if cohort.IsObserved(row, m) then
            for f in 0..7 do
                let error = float (cohort.Row(m, row)[f]) - mean m f
                log <- log - error * error / 2.

    exp log

let private agrees (truth: float[]) brute =
    for row in [ 0; 1; 2; 3 ] do
        Expect.isLessThan (abs (truth[row] - brute row)) 0.006 $"row {row}"

let private conditions = [ InDistribution; Interventional; Reversed ]

let private specA = {
    spec "world-a" 31 with
        MissingRate = Some 0.5
        Confounding = 1.
}

let private specB = { specA with Dataset = "world-b" }

let private specC = {
    specA with
        Dataset = "world-c"
        MechanismStrength = 1.
}

/// Mean |P(y | do x) - P(y | x_obs, o)| on a test set.
let private gap (study: Study) condition =
    let test = study.Tests |> List.find (fun t -> t.Condition = condition)

    Array.map2 (fun p q -> abs (p - q)) test.BayesProbability.Value.Value test.DoProbability.Value.Value
    |> Array.average

[<Tests>]
let tests =
    testList "Worlds.linear" [
        testCase "A: P(y | do x) equals the simulated intervention"
        <| fun () ->
            let world = WorldA.create specA
            let cohort = WorldA.draw specA world InDistribution "rows" 0 4
            let population = WorldA.draw specA world InDistribution "population" 0 draws

            agrees (WorldA.doProbability world cohort) (fun row ->
                intervene world.Signal world.Weights cohort row (fun i ->
                    let r = population.Pattern i
                    (fun m f -> world.Shifts[r].[m].[f]), world.Effects[r]))

        testCase "A: in the do test the hidden values follow the pattern that the observed ones suggest"
        <| fun () ->
            let world = WorldA.create specA
            let cohort = WorldA.draw specA world Interventional "rows" 0 4
            let population = WorldA.draw specA world InDistribution "population" 0 draws

            agrees (WorldA.bayesProbability world Interventional cohort) (fun row ->
                average world.Signal world.Weights cohort row (likelihood cohort row) (fun i ->
                    let r = population.Pattern i
                    (fun m f -> world.Shifts[r].[m].[f]), world.Effects[cohort.Pattern row]))

        testCase "A: the pattern probabilities are those of drawn patients"
        <| fun () ->
            let world = WorldA.create { specA with MechanismStrength = 2. }
            let cohort = WorldA.draw specA world InDistribution "population" 0 50_000

            let counts =
                Array.init cohort.Count cohort.Pattern |> Array.countBy id |> Map.ofArray

            Expect.floatClose Accuracy.high (Array.sum world.PatternProbability) 1. "sum"

            for r in 1..15 do
                Expect.isLessThan
                    (abs (float counts[r] / 50_000. - world.PatternProbability[r]))
                    0.01
                    $"pattern {r}"

        testCase "B: P(y | do x) equals the simulated intervention"
        <| fun () ->
            let world = WorldB.create specB
            let cohort = WorldB.draw specB world InDistribution "rows" 0 4
            let severity = Draws.normals (Seed 5UL) "severity" draws

            agrees (WorldB.doProbability world cohort) (fun row ->
                intervene world.Signal world.Weights cohort row (fun i ->
                    (fun m f -> world.Loadings[m].[f] * severity[i]), world.Severity * severity[i]))

        testCase "C: P(y | do x) equals the simulated intervention"
        <| fun () ->
            let world = WorldC.create specC
            let cohort = WorldC.draw specC world InDistribution "rows" 0 4

            agrees (WorldC.doProbability world cohort) (fun row ->
                intervene world.Signal world.Weights cohort row (fun _ -> (fun _ _ -> 0.), 0.))

        testCase "Bayes-optimal probabilities are calibrated under every condition"
        <| fun () ->
            for condition in conditions do
                let n = 20_000
                let a, b, c = WorldA.create specA, WorldB.create specB, WorldC.create specC
                let cohortA = WorldA.draw specA a condition "many" 0 n
                let cohortB = WorldB.draw specB b condition "many" 0 n
                let cohortC = WorldC.draw specC c condition "many" 0 n

                for name, cohort, probability in
                    [
                        "A", cohortA, WorldA.bayesProbability a condition cohortA
                        "B", cohortB, WorldB.bayesProbability b condition cohortB
                        "C", cohortC, WorldC.bayesProbability c condition cohortC
                    ] do
                    Expect.isLessThan
                        (worstDecile cohort probability)
                        0.035
                        $"{name}, {Condition.name condition}"

        testCase "prediction and intervention part where something confounds"
        <| fun () ->
            let without = {
                specA with
                    Confounding = 0.
                    MechanismStrength = 0.
            }

            Expect.isGreaterThan (gap (WorldA.study specA) "id") 0.05 "A confounded"
            Expect.isLessThan (gap (WorldA.study without) "id") 1e-9 "A without"
            Expect.isGreaterThan (gap (WorldB.study specB) "id") 0.05 "B confounded"
            Expect.isGreaterThan (gap (WorldC.study specC) "id") 0.05 "C: the mask tells y"
            Expect.isLessThan (gap (WorldC.study specC) "do") 1e-9 "C, decoupled"

        testCase "A: the shift of x with r vanishes in the do test and turns round in the reversed one"
        <| fun () ->
            let world = WorldA.create specA
            let pattern = 0b0111

            let shift condition =
                let cohort = WorldA.draw specA world condition "shift" 0 20_000

                let rows =
                    seq { 0 .. cohort.Count - 1 }
                    |> Seq.filter (fun i -> cohort.Pattern i = pattern)

                let everyone =
                    seq { 0 .. cohort.Count - 1 } |> Seq.filter (fun i -> cohort.IsObserved(i, 0))

                let along rows =
                    rows
                    |> Seq.averageBy (fun i ->
                        Seq.init 8 (fun f -> float (cohort.Row(0, i)[f]) * world.Shifts[pattern].[0].[f])
                        |> Seq.sum)

                along rows - (if condition = Interventional then along everyone else 0.)

            let size = world.Shifts[pattern].[0] |> Array.sumBy (fun v -> v * v)
            Expect.isLessThan (abs (shift InDistribution - size)) (0.15 * size + 0.1) "id"
            Expect.isLessThan (abs (shift Interventional)) 0.15 "do"
            Expect.isLessThan (abs (shift Reversed + size)) (0.15 * size + 0.1) "reversed"

        testCase "C: the association of mask and outcome is cut and reversed"
        <| fun () ->
            let study = WorldC.study specC

            for m in 0..3 do
                let association =
                    study.Tests
                    |> List.map (fun t -> correlation (missingFlags t.Cohort m) (labels t.Cohort))

                Expect.isGreaterThan (abs association[0]) 0.3 "id"
                Expect.isLessThan (abs association[1]) 0.05 "do"
                Expect.isLessThan (association[0] * association[2]) -0.09 "reversed"

        testCase "the same condition gives the same bits and unbiased training keeps the tests"
        <| fun () ->
            for study, spec in [ WorldA.study, specA; WorldB.study, specB; WorldC.study, specC ] do
                let a, b, unbiased = study spec, study spec, study { spec with Unbiased = true }
                Expect.isTrue (same a.Train b.Train) "train"
                Expect.isFalse (same a.Train unbiased.Train) "unbiased train"

                Expect.isTrue
                    (List.forall2 (fun x y -> same x.Cohort y.Cohort) a.Tests unbiased.Tests)
                    "tests"

                for cohort in a.Train :: (a.Tests |> List.map _.Cohort) do
                    Expect.isLessThan (abs (cohort.MissingRate - 0.5)) 0.001 "missing rate"
    ]
