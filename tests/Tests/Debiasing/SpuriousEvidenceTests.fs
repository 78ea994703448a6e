module CausalDebiasing.Tests.Debiasing.SpuriousEvidenceTests

open System
open Expecto
open CausalDebiasing.Cohorts
open CausalDebiasing.Debiasing

let private n = 2000
let private level = 1e-5

/// Half of the rows at each of two sites, half of them events.
let private cohort sites =
    Cohort(
        [| Modality.Tabular("a", 1) |],
        [| Array.create n 1f |],
        Array.create n true,
        Array.init n (fun row -> float32 (row % 2)),
        Array.init n (fun row -> row / 2 % sites),
        [| for site in 1..sites -> $"site {site}" |],
        Array.init n int64
    )

let private normal (random: Random) =
    sqrt (-2.0 * log (1.0 - random.NextDouble()))
    * cos (2.0 * Math.PI * random.NextDouble())

/// A score whose contrast between the outcome classes is larger at the second site by `shift`; of two clusters
/// `distance` apart.
let private score seed distance shift =
    let random = Random(seed: int)

    Array.init n (fun row ->
        let contrast = if row % 2 = 1 && row / 2 % 2 = 1 then shift else 0.0
        float32 (normal random + contrast + distance * float (random.Next 2)))

let private judge sites (scores: float32[] list) =
    let struct (position, evidence) =
        SpuriousEvidence.Strongest(cohort sites, scores |> Array.ofList, level)

    position, evidence

[<Tests>]
let tests =
    testList "spurious evidence" [
        testCase
            "bimodality is 2 / pi for a normal score and near 1 for clusters far apart, whatever the sites' means"
        <| fun () ->
            let rows = cohort 2
            let share = ScoreBimodality.Share(rows, score 1 0.0 0.0)
            Expect.isLessThan (abs (share - 2.0 / Math.PI)) 0.03 "normal"
            Expect.isGreaterThan (ScoreBimodality.Share(rows, score 2 8.0 0.0)) 0.93 "two clusters"

            let bySite =
                score 3 0.0 0.0
                |> Array.mapi (fun row s -> if row / 2 % 2 = 1 then s + 8f else s)

            Expect.isLessThan (ScoreBimodality.Share(rows, bySite)) 0.1 "a score that tells the sites apart"

        testCase "a clearly unstable score suffices, whatever its shape"
        <| fun () ->
            let position, evidence =
                judge 2 [ score 1 0.0 0.0; score 2 0.0 0.6; score 3 8.0 0.0 ]

            Expect.equal position 1 "the unstable one"
            Expect.isTrue (evidence.Suffices level) "opens"
            Expect.equal evidence.Candidates 3 "chosen among all"

        testCase "a somewhat unstable score suffices only if it is two clusters"
        <| fun () ->
            Expect.isFalse ((snd (judge 2 [ score 2 0.0 0.25 ])).Suffices level) "one cluster"
            let position, evidence = judge 2 [ score 2 0.0 0.25; score 3 8.0 1.0 ]
            Expect.equal position 1 "the clusters"
            Expect.isTrue (evidence.Suffices level) "open"
            Expect.isGreaterThan evidence.PValue level "at a p-value that would not"

        testCase "clusters that are the same at all sites do not suffice"
        <| fun () ->
            let _, evidence = judge 2 [ score 2 0.0 0.0; score 4 8.0 0.0 ]
            Expect.isFalse (evidence.Suffices level) "shut"

        testCase "a site that lacks a modality does not make a cause look unstable"
        <| fun () ->
            let random = Random 7
            let rows = cohort 2
            let hasSecond row = row / 2 % 2 = 0 || random.Next 5 = 0

            let second = Array.init n hasSecond

            let twoModalities =
                Cohort(
                    [| Modality.Tabular("a", 1); Modality.Tabular("b", 1) |],
                    [| Array.create n 1f; Array.create n 1f |],
                    Array.init (2 * n) (fun i -> i % 2 = 0 || second[i / 2]),
                    rows.Labels.ToArray(),
                    rows.Sites.ToArray(),
                    [| "site 1"; "site 2" |],
                    rows.Patients.ToArray()
                )

            /// A cause read off the second modality, 0 where that is missing.
            let cause =
                Array.init n (fun row ->
                    if second[row] then
                        float32 (normal random) + float32 (row % 2)
                    else
                        0f)

            let struct (_, evidence) =
                SpuriousEvidence.Strongest(twoModalities, [| cause |], level)

            Expect.isLessThan
                (SiteInstability.Of(twoModalities, ReadOnlySpan cause).PValue)
                level
                "its contrast differs by site"

            Expect.isGreaterThan evidence.PValue 0.01 "but not where the modality is there"

        testCase "where sites are unknown shape alone decides"
        <| fun () ->
            let position, evidence = judge 1 [ score 2 0.0 0.6; score 3 8.0 0.0 ]
            Expect.equal position 1 "the clusters"
            Expect.isTrue (evidence.Suffices level) "open"
            Expect.isFalse ((snd (judge 1 [ score 2 0.0 0.6 ])).Suffices level) "one cluster"
    ]
