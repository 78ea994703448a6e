module CausalDebiasing.Tests.Debiasing.PatternShiftTests

open System
open Expecto
open CausalDebiasing
open CausalDebiasing.Baselines
open CausalDebiasing.Cohorts
open CausalDebiasing.Debiasing
open CausalDebiasing.Predictors
open CausalDebiasing.Runtime
open CausalDebiasing.Tests.Support

/// Rows of one modality that tells the risk and a second that is there more often where `linked` says so.
let private cohort n linked seed =
    let random = Random(seed: int)
    let risk = Array.init n (fun _ -> random.NextDouble())

    let label = risk |> Array.map (fun p -> if random.NextDouble() < p then 1f else 0f)

    let mask = [|
        for row in 0 .. n - 1 do
            true
            let chance = if linked then 0.2 + 0.6 * float label[row] else 0.5
            random.NextDouble() < chance
    |]

    let signal = risk |> Array.map (fun p -> float32 (log ((p + 1e-3) / (1.001 - p))))

    Cohort(
        [| Modality.Tabular("risk", 1); Modality.Tabular("test", 1) |],
        [| signal; Array.create n 1f |],
        mask,
        label,
        Array.zeroCreate n,
        [| "only" |],
        Array.init n int64
    )

let private risk (cohort: Cohort) =
    cohort.Values(0).ToArray() |> Array.map (fun s -> 1f / (1f + exp -s))

let private shift trainingRows deployment =
    let balance = LabelBalance.Fit(trainingRows, Thinning.None, Seed 1UL)

    let struct (slope, error) =
        PatternShift.Slope(trainingRows, risk trainingRows, balance)

    PatternShift.Of(struct (slope, error), deployment, risk deployment, balance)

[<Tests>]
let tests =
    testSequenced
    <| testList "pattern shift" [
        testCase "the same mechanism keeps the relation, and missing at random has none"
        <| fun () ->
            let training = cohort 4000 true 1
            let same = shift training (cohort 4000 true 2)
            let cut = shift training (cohort 4000 false 3)
            Expect.isLessThan (abs (same.Ratio - 1.0)) 0.3 "ratio near 1"
            Expect.isGreaterThan same.PValue 0.01 "not contradicted"
            Expect.isLessThan (abs cut.Ratio) 0.3 "ratio near 0"
            Expect.isLessThan cut.PValue 1e-3 "contradicted"

        testCase "a few patients contradict nothing"
        <| fun () ->
            let training = cohort 4000 true 1
            Expect.equal (shift training (cohort 2 false 3)).PValue 1.0 "cannot be judged"
            Expect.isGreaterThan (shift training (cohort 20 false 3)).PValue 1e-3 "too few"

        testCase "without a relation in training nothing can be judged"
        <| fun () ->
            let training = cohort 4000 false 4
            let found = shift training (cohort 4000 true 5)
            Expect.isTrue (Double.IsNaN found.Ratio) "no ratio"
            Expect.equal found.PValue 1.0 "nothing contradicted"

        testCase
            "predictions keep what the pattern tells where it still holds, and leave it out where it does not"
        <| fun () ->
            let training = cohort 3000 true 1

            let baselines = BaselineCatalog.Discover typeof<ZeroFillMlp>.Assembly

            let fitted preset =
                let plain = (BaselineCatalog.Find(baselines, "zero-fill-mlp")).Create()
                let wrapped = CausalDebias.Wrap(plain, DebiasOptions.Presets[preset])
                wrapped.Fit(training, cohort 800 true 6, FitContext(Seed = Seed 2UL))
                wrapped

            use kept = fitted "recommended"
            use left = fitted "recommended-interventional"
            let same, cut = cohort 3000 true 7, cohort 3000 false 8
            Expect.equal (kept.PredictProbability cut) (left.PredictProbability cut) "contradicted"
            Expect.notEqual (kept.PredictProbability same) (left.PredictProbability same) "kept"
            Expect.isLessThan (nonNull (kept.ComparePatterns cut)).PValue 1e-3 "and says so"
    ]
