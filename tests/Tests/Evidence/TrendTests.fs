module CausalDebiasing.Tests.Evidence.TrendTests

open System
open CausalDebiasing.Bench.Evidence
open Expecto
open FsCheck

let private close message (actual: float) (expected: float) =
    Expect.floatClose Accuracy.high actual expected message

/// Blocks of the levels 1 to k whose statistic is as large as can be, but for some neighbours that changed places in the first.
let private ordered k n =
    List.replicate n [ for level in 1..k -> float level ]

let private bySeed (values: float list) : BySeed =
    values |> List.mapi (fun seed value -> seed, value) |> Map.ofList

[<Tests>]
let tests =
    testList "Trend" [
        test "Page's critical values are those of his table" {
            // (levels, blocks, L at the 5 % level) of E. B. Page 1963, table 2.
            for k, n, critical in
                [
                    3, 2, 28.
                    3, 3, 41.
                    3, 4, 54.
                    4, 2, 58.
                    4, 3, 84.
                    4, 4, 111.
                    5, 2, 103.
                    5, 3, 150.
                ] do
                // All arrangements of the blocks that reach it or the value below: found by walking from full order.
                let orders =
                    let rec permutations items =
                        match items with
                        | [] -> [ [] ]
                        | _ ->
                            items
                            |> List.collect (fun item ->
                                permutations (List.except [ item ] items)
                                |> List.map (fun rest -> item :: rest))

                    permutations [ for level in 1..k -> float level ]

                let withStatistic wanted =
                    let last = ordered k (n - 2)

                    List.allPairs orders orders
                    |> List.tryPick (fun (first, second) ->
                        let blocks = first :: second :: last

                        let statistic =
                            blocks
                            |> List.sumBy (List.mapi (fun i rank -> float (i + 1) * rank) >> List.sum)

                        if statistic = wanted then Some blocks else None)
                    |> Option.map (fun blocks ->
                        let l, p = Trend.page blocks
                        close "L" l wanted
                        p)

                match withStatistic critical, withStatistic (critical - 1.) with
                | Some at, Some below ->
                    Expect.isLessThanOrEqual at 0.05 $"{k} levels, {n} blocks: {critical}"
                    Expect.isGreaterThan below 0.05 $"{k} levels, {n} blocks: {critical - 1.}"
                | _ -> failtest $"{k} levels, {n} blocks: the value cannot be reached"
        }

        test "two blocks in full order, by hand" {
            // L = 2 (1 + 4 + 9) = 28; one of 6 x 6 arrangements.
            let l, p = Trend.page [ [ 0.1; 0.2; 0.3 ]; [ 0.; 5.; 6. ] ]
            close "L" l 28.
            close "p" p (1. / 36.)
        }

        test "ties share ranks, and a block without differences tells nothing" {
            Expect.equal (Trend.ranks [ 3.; 1.; 3.; 2. ]) [ 3.5; 1.; 3.5; 2. ] "ranks"
            close "p" (snd (Trend.page [ [ 1.; 1.; 1. ] ])) 1.
        }

        test "beyond seven levels the p-value is the normal approximation's" {
            let swapped = [ 2.; 1.; 3.; 4.; 5.; 6.; 7.; 8. ]
            let l, p = Trend.page [ swapped; swapped ]
            // E(L) = 2 x 8 x 81 / 4 = 324; Var(L) = 2 x 64 x 81 x 7 / 144 = 504.
            close "L" l 406.
            Expect.floatClose Accuracy.medium p 0.000129814 "upper tail of z = 82 / sqrt 504 = 3.6526"
        }

        test "slopes are fitted within each seed first" {
            // Seed 0 rises by 1 for each unit, seed 1 by 3: the levels of the seeds do not matter.
            let trend =
                Expect.wantSome
                    (Trend.along [ 0., bySeed [ 0.; 100. ]; 1., bySeed [ 1.; 103. ]; 2., bySeed [ 2.; 106. ] ])
                    "trend"

            close "slope" trend.Slope.Mean 2.
            Expect.equal (trend.Seeds, trend.Levels) (2, 3) "size"
            close "two-sided p" trend.P (2. / 36.)
        }

        test "a seed without all levels, and two levels, make no trend" {
            Expect.isNone (Trend.along [ 0., bySeed [ 0. ]; 1., bySeed [ 1. ] ]) "two levels"

            let partial =
                Trend.along [ 0., bySeed [ 0.; 1. ]; 1., bySeed [ 1. ]; 2., bySeed [ 2.; 4. ] ]

            Expect.equal (Expect.wantSome partial "trend").Seeds 1 "the seed with all levels"
        }

        test "the area of a curve is its mean height, by hand" {
            // (0.2 x 0.85 + 0.4 x 0.75) / 0.6
            close "area" (Trend.area [ 0.7, 0.7; 0.1, 0.9; 0.3, 0.8 ]) (0.47 / 0.6)
        }

        testProperty
            "the two tails of a trend and of its reverse are each other's"
            (fun (values: NormalFloat list list) ->
                let blocks =
                    values
                    |> List.truncate 3
                    |> List.map (List.map float >> List.truncate 4)
                    |> List.filter (fun block -> block.Length = 4)

                blocks.IsEmpty
                || (let points (blocks: float list list) =
                        List.transpose blocks
                        |> List.mapi (fun level values -> float level, bySeed values)

                    let p blocks = (Trend.along (points blocks)).Value.P

                    abs (p blocks - p (List.map List.rev blocks)) < 1e-9
                    && p blocks <= 1.
                    && p blocks > 0.))
    ]
