module CausalDebiasing.Tests.Worlds.SiteShiftTests

open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Cohorts
open Expecto

let private rows = 20000

let private drawn kind =
    let world = SiteShift.world 3
    let sample = SiteShift.population world "test" 0 (2 * rows)
    let shift = SiteShift.create kind world sample
    let cohort, isTarget = SiteShift.draw shift "test" sample rows

    let source =
        [| 0 .. cohort.Count - 1 |] |> Array.filter (fun row -> not isTarget[row])

    let target = [| 0 .. cohort.Count - 1 |] |> Array.filter (fun row -> isTarget[row])
    cohort, source, target, SiteShift.densities shift cohort

let private mean (weights: int -> float) (value: int -> float) rows =
    (rows |> Array.sumBy (fun row -> weights row * value row))
    / Array.sumBy weights rows

let private age (cohort: Cohort) row = float (cohort.Row(0, row)[0])

let private seen (cohort: Cohort) m row =
    if cohort.IsObserved(row, m) then 1. else 0.

let private one _ = 1.

[<Tests>]
let tests =
    testList "Worlds.site shift" [
        test "the densities bring both hospitals' patients to the same x, and to the same r given x" {
            let cohort, source, target, at = drawn AllMove

            let home row =
                at[row].Mix * at[row].Measuring / at[row].MeanMeasuring

            let there row =
                (1. - at[row].Mix) * (1. - at[row].Measuring) / at[row].MeanMeasuring

            Expect.isGreaterThan
                (mean one (age cohort) target - mean one (age cohort) source)
                3.
                "the new hospital's patients are older"

            let both pick =
                mean home pick source, mean there pick target

            let a, b = both (age cohort)
            Expect.isLessThan (abs (a - b)) 0.7 "age"

            for m in 1 .. cohort.Modalities.Count - 1 do
                let a, b = both (seen cohort m)
                Expect.isLessThan (abs (a - b)) 0.03 $"modality {m}"

            // With x alone what is measured stays as it is at home.
            let mixed = mean (fun row -> at[row].Mix) (age cohort) source
            let mixedThere = mean (fun row -> 1. - at[row].Mix) (age cohort) target
            Expect.isLessThan (abs (mixed - mixedThere)) 0.7 "age by x alone"
        }

        test "each kind moves what it says and nothing else" {
            for name, kind in SiteShift.kinds do
                let cohort, source, target, at = drawn kind

                let apart pick =
                    abs (mean one pick target - mean one pick source)

                let isMoved by = kind = by || kind = AllMove
                Expect.equal (apart (age cohort) > 1.) (isMoved CaseMixMoves) $"{name}: age"

                let measured =
                    List.max [ for m in 1 .. cohort.Modalities.Count - 1 -> apart (seen cohort m) ]

                if kind <> CaseMixMoves then
                    Expect.equal (measured > 0.05) (isMoved MeasuringMoves) $"{name}: measured"

                if not (isMoved MeasuringMoves) then
                    for row in source[..50] do
                        Expect.floatClose Accuracy.high at[row].Measuring 0.5 "the same rules"
                        Expect.floatClose Accuracy.high at[row].MeanMeasuring 0.5 "the same rules"
        }
    ]
