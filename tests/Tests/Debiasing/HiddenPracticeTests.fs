module CausalDebiasing.Tests.Debiasing.HiddenPracticeTests

open System
open Expecto
open TorchSharp
open CausalDebiasing
open CausalDebiasing.Cohorts
open CausalDebiasing.Debiasing
open CausalDebiasing.Metrics
open CausalDebiasing.Runtime
open CausalDebiasing.Tests
open CausalDebiasing.Tests.Support
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Worlds

/// The same patients with a device for each confounder: what it makes of a number, and of one drawn for the modality.
let private recorded strength (device: bool -> float -> float -> float) =
    let cohort, confounder = ToyConfounded.draw strength 0f
    let random = Random 78

    let values = [|
        for m in 0..2 ->
            cohort.Values(m).ToArray()
            |> Array.chunkBySize 5
            |> Array.mapi (fun row own ->
                let draw = random.NextDouble()

                own
                |> Array.map (fun value -> float32 (device (confounder[row] > 0f) draw (float value))))
            |> Array.concat
    |]

    cohort.WithValues values

/// Rounds coarsely.
let private rounding isSecond _ value =
    if isSecond then Math.Round(value / 0.8) * 0.8 else value

/// Drives all values of a modality to one side or the other.
let private spreading isSecond draw value =
    value + (if isSecond then 2.5 else 0.4) * (if draw < 0.5 then -1. else 1.)

/// Patients with a subtype that raises the risk alike at all sites and shifts values of two modalities. Patients of higher risk have
/// it more often by the slope of their site, and what else tells the risk weighs as much as that of the site says.
let private withSubtype (slopes: float[]) (weights: float[]) effect =
    let random = Random 79
    let n, sites = 3000, [| "a"; "b"; "c"; "d" |]

    let normal () =
        MathNet.Numerics.Distributions.Normal.Sample(random, 0.0, 1.0)

    let draws p = random.NextDouble() < p
    let logistic z = 1. / (1. + exp -z)
    let site = Array.init n (fun row -> row / 2 % 4)
    let states = Array.init n (fun _ -> Array.init 3 (fun _ -> normal ()))

    let severity =
        states |> Array.map (fun own -> 1.0 * own[0] + 0.8 * own[1] + 0.7 * own[2])

    let subtype =
        Array.init n (fun row -> draws (logistic (slopes[site[row]] * severity[row])))

    let labels =
        Array.init n (fun row ->
            let own = weights[site[row]] * severity[row] + (if subtype[row] then effect else 0.)

            if draws (logistic (own - 1.2)) then 1f else 0f)

    let values = [|
        for m in 0..2 ->
            [|
                for row in 0 .. n - 1 do
                    for j in 0..3 ->
                        let shift = if subtype[row] && m < 2 && j < 2 then 2.2 else 0.
                        float32 (states[row][m] + shift + 0.4 * normal ())
            |]
    |]

    let cohort =
        Cohort(
            [| for m in 0..2 -> Modality.Tabular($"m{m}", 4) |],
            values,
            Array.create (3 * n) true,
            labels,
            site,
            sites,
            Array.init n int64
        )

    cohort, subtype

/// See `ReferralByRisk`, with the kinds known.
let private leftAtSameRisk (cohort: Cohort) (kinds: bool[]) =
    use scope = torch.NewDisposeScope()
    let scores = (NormalScores.Fit(cohort, Toy.seed 1)).Of(cohort, "train")

    let rows =
        PracticeRows.Of(scores, cohort.Labels.ToArray() |> Array.map int, cohort.Sites.ToArray())

    let flags =
        kinds |> Array.collect (fun own -> if own then [| 0.; 1. |] else [| 1.; 0. |])

    let memberships = (torch.tensor flags).reshape(int64 cohort.Count, 2L)
    let found = PracticeEm.Fit(rows, PracticeEm.Start(rows, memberships, 4, 2))
    let struct (share, p) = ReferralByRisk.Left(rows, found.Model)
    share, p

let private oneSite (cohort: Cohort) =
    cohort.WithSites(Array.zeroCreate cohort.Count, [| "only" |])

/// How many permutations are tried; the false alarms of a method are counted in 200.
let private permutations =
    match Environment.GetEnvironmentVariable "CAUSALDEBIAS_PERMUTATIONS" with
    | null
    | "" -> 6
    | number -> int number

/// A hospital's table with practice, whose outcomes (odd numbers) or sites (even) were permuted.
let private permuted number =
    let name = "hospital-both"

    let world =
        HospitalWorld.study (HospitalSetting.tryFind name).Value {
            WorldSupport.spec name number with
                TrainSize = Some 1500
        }

    let cohort, random = world.Train, Random number

    if number % 2 = 1 then
        let outcomes = cohort.Labels.ToArray()
        random.Shuffle outcomes
        cohort.WithLabels outcomes
    else
        let sites = cohort.Sites.ToArray()
        random.Shuffle sites
        cohort.WithSites(sites, cohort.SiteNames)

/// The practice that is found when a cohort is searched, half of it as validation rows.
let private found using (cohort: Cohort) =
    let rows parity = [|
        for row in 0 .. cohort.Count - 1 do
            if row % 2 = parity then
                row
    |]

    let train = cohort.Select(rows 0)
    train, HiddenPractice.Fit(train, cohort.Select(rows 1), using, Toy.seed 1, SearchLimits.None)

let private count using cohort =
    let _, practice = found using cohort
    use practice = practice
    practice.Count

[<Tests>]
let tests =
    Trained.tests "hidden practice" [
        testCase "is offset where sites differ in how it relates to the outcome"
        <| fun () ->
            let biased, confounder = ToyConfounded.draw 1.0 1f
            let train, practice = found PracticeUse.WhereEvident biased
            use practice = practice
            Expect.equal practice.Count 1 "one practice"

            let rows = [| 0 .. train.Count - 1 |]
            let offsets = practice.OfTraining(rows, rows |> Array.map train.Pattern)
            let kind = Array.init train.Count (fun row -> confounder[2 * row])
            let risk = offsets |> Array.map (fun offset -> float32 (1. / (1. + exp -offset)))
            let auroc = Auroc.Compute(ReadOnlySpan kind, ReadOnlySpan risk)
            Expect.isGreaterThan (max auroc (1. - auroc)) 0.85 "the offset follows it"

        testCase "is left in where it does not go with the outcome, or goes with it alike"
        <| fun () ->
            let unrelated, _ = ToyConfounded.draw 0.0 1f
            Expect.equal (count PracticeUse.WhereEvident unrelated) 0 "a device that tells nothing"
            Expect.isGreaterThan (count PracticeUse.Forced unrelated) 0 "unless it is forced"

        for name, slopes, weights, effect in
            [
                "is met at different risks", [| -2.4; -1.0; 1.1; 2.6 |], Array.create 4 1., 0.9
                "goes with risks that spread differently", Array.zeroCreate 4, [| 0.2; 2.2; 0.5; 1.6 |], 2.
            ] do
            testCase $"a subtype that by site {name} is none"
            <| fun () ->
                let cohort, subtype = withSubtype slopes weights effect
                Expect.equal (count PracticeUse.WhereEvident cohort) 0 "left in"

                let share, p = leftAtSameRisk cohort subtype
                Expect.isTrue (share < 0.3 || p > 0.02) $"it hardly differs at the same risk: {share}, {p}"

        testCase "practice differs by site at the same risk"
        <| fun () ->
            let biased, confounder = ToyConfounded.draw 1.0 1f
            let share, p = confounder |> Array.map (fun c -> c > 0f) |> leftAtSameRisk biased
            Expect.isGreaterThan share 0.6 "most of it"
            Expect.isLessThan p 1e-4 "plainly"

        testCase "is not found where there is none"
        <| fun () ->
            let unbiased, _ = ToyConfounded.draw 0.0 0f
            Expect.equal (count PracticeUse.WhereEvident unbiased) 0 "nothing"

        for name, device in [ "rounds", rounding; "spreads values", spreading ] do
            testCase $"is offset where it {name} and moves no mean"
            <| fun () -> Expect.equal (count PracticeUse.WhereEvident (recorded 1.0 device)) 1 "found"

            testCase $"is left in where it {name} and does not go with the outcome"
            <| fun () -> Expect.equal (count PracticeUse.WhereEvident (recorded 0.0 device)) 0 "not offset"

        testCase "is offset where a third kind is likelier still, and refused"
        <| fun () ->
            let name = "hospital-factor"

            let world =
                HospitalWorld.study (HospitalSetting.tryFind name).Value (WorldSupport.spec name 20002)

            use practice =
                HiddenPractice.Fit(
                    world.Train,
                    world.Validation,
                    PracticeUse.WhereEvident,
                    (Seed(20002UL).Derive "fit").Derive "practice",
                    SearchLimits.None
                )

            Expect.equal practice.Count 1 "offset"
            Expect.equal practice.Evidence[0].Kinds 2 "of two kinds"

        testCase "is the same for all predictors of the same rows, and looked for once"
        <| fun () ->
            let biased, _ = ToyConfounded.draw 1.0 1f

            let train, validation =
                biased.Select [| 0..1999 |], biased.Select [| 2000 .. biased.Count - 1 |]

            let shared = Predictors.FitCache()

            let fit (shared: Predictors.FitCache | null) =
                use wrapped = CausalDebias.Wrap(Toy.create "logistic")
                let context = Predictors.FitContext(Seed = Toy.seed 5, Shared = shared)
                wrapped.Fit(train, validation, context)
                wrapped.PredictProbability validation

            let alone = fit null
            let first = fit shared
            Expect.equal shared.Saved TimeSpan.Zero "nothing was there"
            let second = fit shared
            Expect.isGreaterThan shared.Saved TimeSpan.Zero "the search was"
            Expect.equal first alone "as without"
            Expect.equal second alone "as the first time"

        testCase "a search ends when it is told to, or when the time is up"
        <| fun () ->
            let biased, _ = ToyConfounded.draw 1.0 1f

            let fit limits =
                HiddenPractice.Fit(biased, biased, PracticeUse.WhereEvident, Toy.seed 1, limits)

            let cancelled = SearchLimits(Nullable(), Threading.CancellationToken true)
            Expect.throwsT<OperationCanceledException> (fun () -> fit(cancelled).Dispose()) "cancelled"

            use spent =
                fit (SearchLimits(Nullable TimeSpan.Zero, Threading.CancellationToken.None))

            Expect.equal spent.Count 0 "left in"
            Expect.stringContains (string spent.Evidence[0].Doubt) "time" "and says why"

        testCase "without sites it is left in unless it is assumed"
        <| fun () ->
            let biased, _ = ToyConfounded.draw 1.0 1f
            Expect.equal (count PracticeUse.WhereEvident (oneSite biased)) 0 "left in"
            Expect.equal (count PracticeUse.Assumed (oneSite biased)) 1 "assumed"

        testCase "opens in few fits on permuted outcomes or sites"
        <| fun () ->
            let opened = [
                for number in 1..permutations do
                    permuted number |> count PracticeUse.WhereEvident |> min 1
            ]

            let most = max 1 (permutations / 50)
            Expect.isLessThanOrEqual (List.sum opened) most $"of {permutations}"

        testCase "a recorded flag is no hidden practice"
        <| fun () ->
            let biased, confounder = ToyConfounded.draw 1.0 1f
            let recorded = biased.WithModality(Modality.Tabular("flag", 1), confounder)
            let _, practice = found PracticeUse.WhereEvident recorded
            use practice = practice
            Expect.equal practice.Count 0 "it is in the table"
            Expect.isGreaterThan practice.Evidence[0].Recorded 0.9 "and was recognised"

        testCase "a table of flags alone has none"
        <| fun () ->
            let toy, _ = ToyConfounded.draw 0.0 0f

            let flags =
                toy.WithValues [|
                    for m in 0..2 -> toy.Values(m).ToArray() |> Array.map (fun v -> if v > 0f then 1f else 0f)
                |]

            Expect.equal (count PracticeUse.WhereEvident flags) 0 "0/1 columns are no clusters"
    ]
