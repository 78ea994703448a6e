module CausalDebiasing.Tests.Evidence.StatisticsTests

open System
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Runtime
open Expecto
open FsCheck
open MathNet.Numerics.Distributions
open MathNet.Numerics.Random

let private close message (actual: float) (expected: float) =
    Expect.floatClose Accuracy.high actual expected message

/// Holm by its definition: the smallest level at which the step-down procedure rejects each hypothesis.
let private holmByDefinition (ps: float list) =
    let rejects level (p: float) =
        let sorted = List.sort ps

        let firstKept =
            sorted
            |> List.indexed
            |> List.tryFind (fun (i, q) -> q > level / float (ps.Length - i))

        match firstKept with
        | None -> true
        | Some(_, q) -> p < q

    ps
    |> List.map (fun p ->
        let candidates =
            ps
            |> List.collect (fun q -> [ for m in 1 .. ps.Length -> min 1. (float m * q) ])
            |> List.sort

        candidates
        |> List.tryFind (fun level -> rejects (level * (1. + 1e-12)) p)
        |> Option.defaultValue 1.)

let private pValues (values: NormalFloat list) =
    values
    |> List.truncate 8
    |> List.map (fun (NormalFloat value) -> abs value - floor (abs value))

[<Tests>]
let tests =
    testList "Statistics" [
        test "interval and p-value of a textbook sample" {
            // t = 2.776445 for 4 degrees of freedom; the mean is 3, the standard error sqrt(2.5 / 5).
            let estimate = Statistics.estimate [ 1.; 2.; 3.; 4.; 5. ]
            close "mean" estimate.Mean 3.
            close "sd" estimate.Sd (sqrt 2.5)
            Expect.floatClose Accuracy.medium estimate.Low (3. - 2.7764451 * sqrt 0.5) "low"
            Expect.floatClose Accuracy.medium estimate.High (3. + 2.7764451 * sqrt 0.5) "high"

            Expect.floatClose
                Accuracy.medium
                (Statistics.tTest 0. [ 1.; 2.; 3.; 4.; 5. ])
                0.013235599
                "p-value as tabulated for t = 4.2426, df = 4"
        }

        test "one value has a mean but no interval and no p-value" {
            let estimate = Statistics.estimate [ 0.3 ]
            close "mean" estimate.Mean 0.3
            Expect.isTrue (Double.IsNaN estimate.Low && Double.IsNaN estimate.Sd) "undefined"
            Expect.isTrue (Double.IsNaN(Statistics.tTest 0. [ 0.3 ])) "undefined"
            Expect.isTrue (Double.IsNaN (Statistics.estimate []).Mean) "no values, no mean"
        }

        test "differences without spread are certain" {
            Expect.equal (Statistics.tTest 0. [ 0.; 0.; 0. ]) 1. "no difference"
            Expect.equal (Statistics.tTest 0. [ 0.5; 0.5 ]) 0. "a sure difference"
        }

        test "overlapping training sets widen the interval, as worked out by hand" {
            // Mean 0.015; sd^2 = 0.0005 / 3; standard error sd sqrt(1/4 + 1/4); t^2 = 2.7 with 3 degrees of freedom, whose
            // distribution function has a closed form; 3.182446 is its 97.5 % point.
            let values = [ 0.02; 0.01; 0.03; 0. ]
            let estimate = Statistics.resampledEstimate 0.25 values
            let half = 3.1824463 * sqrt (0.0005 / 3. * 0.5)
            close "mean" estimate.Mean 0.015
            Expect.floatClose Accuracy.medium estimate.Low (0.015 - half) "low"
            Expect.floatClose Accuracy.medium estimate.High (0.015 + half) "high"

            close
                "p"
                (Statistics.resampledTTest 0.25 0. values)
                (1. - 2. / Math.PI * (sqrt 0.9 / 1.9 + atan (sqrt 0.9)))

            Expect.isTrue (Double.IsNaN (Statistics.resampledEstimate 0.25 [ 0.1 ]).Low) "one value"
        }

        testProperty "the interval excludes zero exactly when p < 0.05" (fun (values: NormalFloat list) ->
            let sample = values |> List.map (fun (NormalFloat v) -> Math.IEEERemainder(v, 10.))

            sample.Length < 2
            || (let estimate = Statistics.estimate sample
                let p = Statistics.tTest 0. sample

                abs (p - 0.05) < 1e-6 || (p < 0.05) = (estimate.Low > 0. || estimate.High < 0.)))

        test "intervals cover the truth in about 95 % of simulations" {
            let random = Xoshiro256StarStar(Seed(11UL).Derive("coverage").ToInt32())

            let covered =
                List.init 2000 (fun _ ->
                    let estimate =
                        Statistics.estimate (List.init 5 (fun _ -> Normal.Sample(random, 2., 3.)))

                    estimate.Low < 2. && 2. < estimate.High)
                |> List.filter id
                |> List.length

            // The binomial standard deviation is 9.7 of 2000.
            Expect.isGreaterThan covered 1860 "covers often enough"
            Expect.isLessThan covered 1940 "and not too often"
        }

        test "Holm on a worked example" {
            let adjusted = Statistics.holm [ 0.01; 0.04; 0.03; 0.005 ]

            List.iter2
                (fun expected actual -> close "adjusted" actual expected)
                [ 0.03; 0.06; 0.06; 0.02 ]
                adjusted
        }

        test "Holm ignores what was not tested" {
            let adjusted = Statistics.holm [ nan; 0.02; nan; 0.5 ]
            Expect.isTrue (Double.IsNaN adjusted[0] && Double.IsNaN adjusted[2]) "stays undefined"
            close "two tests" adjusted[1] 0.04
            Expect.isEmpty (Statistics.holm []) "nothing to adjust"
        }

        testProperty "Holm agrees with its definition" (fun values ->
            let ps = pValues values

            List.forall2 (fun (a: float) b -> abs (a - b) < 1e-9) (Statistics.holm ps) (holmByDefinition ps))

        testProperty "Holm keeps the order and never lowers a p-value" (fun values ->
            let ps = pValues values
            let pairs = List.zip ps (Statistics.holm ps)

            pairs |> List.forall (fun (p, a) -> a >= p && a <= 1.)
            && pairs
               |> List.sort
               |> List.pairwise
               |> List.forall (fun ((_, a), (_, b)) -> a <= b))

        test "wins, ties and losses" {
            Expect.equal (Statistics.winsTiesLosses [ 0.01; 0.0004; -0.0004; 0.; -0.2 ]) (1, 3, 1) "counts"
        }

        test "gap closed is a ratio of means, and undefined without a gap" {
            close "half" (Statistics.gapClosed [ 0.6, 0.7, 0.8; 0.7, 0.8, 0.901 ]) (0.2 / 0.401)
            close "one seed" (Statistics.gapClosed [ 0.6, 0.7, 0.8 ]) 0.5
            let noise = [ 0.6, 0.7, 0.8; 0.7, 0.7, 0.7 ]
            Expect.isTrue (Double.IsNaN(Statistics.gapClosed noise)) "a gap that seeds do not agree on"
            Expect.isTrue (Double.IsNaN(Statistics.gapClosed [ 0.7, 0.72, 0.704 ])) "no gap"
            Expect.isTrue (Double.IsNaN(Statistics.gapClosed [ 0.8, 0.7, 0.7 ])) "bias helps"
            Expect.isTrue (Double.IsNaN(Statistics.gapClosed [])) "no seeds"
        }
    ]
