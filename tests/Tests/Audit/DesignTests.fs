module CausalDebiasing.Tests.Audit.DesignTests

open CausalDebiasing.Bench.Audit
open CausalDebiasing.Numerics
open CausalDebiasing.Tests.Support
open Expecto

[<Tests>]
let tests =
    testList "Audit.design" [
        test "one 0/1 column gives the log odds ratio and its standard error" {
            // 30 of 100 and 60 of 100.
            let x = Array.init 200 (fun i -> if i < 100 then 0. else 1.)

            let y = Array.init 200 (fun i -> if i < 30 || i >= 100 && i < 160 then 1. else 0.)

            let found = Design.fit (Design.ofBlocks 200 [ 1e-6, [| x |] ]) y
            let odds = log (60. / 40.) - log (30. / 70.)
            Expect.floatClose Accuracy.medium found.Coefficients[0] odds "log odds ratio"

            let variance = 1. / 30. + 1. / 70. + 1. / 60. + 1. / 40.
            Expect.floatClose Accuracy.medium found.Covariance[0] variance "Woolf's variance"
        }

        test "outcomes that are shares give their mean" {
            let shares = [| 0.2; 0.4; 0.3; 0.9; 0.7; 0.5 |]
            let found = Design.fit (Design.ofBlocks 6 []) shares
            Expect.floatClose Accuracy.medium (1. / (1. + exp -found.Logits[0])) 0.5 "mean"
        }

        test "numbers that make no regression are refused" {
            for design, outcome, precision, word in
                [
                    [| 1.; 2.; 3. |], [| 0.; 1. |], [| 1. |], "3 numbers are not 2 rows of 1"
                    [||], [||], [| 1. |], "at least one row"
                    [| 1.; nan |], [| 0.; 1. |], [| 1. |], "not finite"
                    [| 1.; 2. |], [| 0.; 2. |], [| 1. |], "outside [0, 1]"
                    [| 1.; 2. |], [| 0.; 1. |], [| 0. |], "not above 0"
                ] do
                Expect.stringContains
                    (InputErrors.message (fun () -> RidgeLogisticFit.Of(design, outcome, precision)))
                    word
                    word
        }

        test "what is fitted on other folds knows nothing of the own one" {
            // Noise columns as many as rows: fitted on all, they would separate.
            let random = System.Random 2

            let columns =
                Array.init 30 (fun _ -> Array.init 60 (fun _ -> random.NextDouble() - 0.5))

            let y = Array.init 60 (fun i -> float (i % 2))
            let folds = Array.init 60 (fun i -> i / 2 % 5)
            let design = Design.ofBlocks 60 [ 0.01, columns ]
            let isEvent = y |> Array.map ((=) 1.)

            let auroc logits =
                WeightedScore.auroc (Ranked.ofLogits isEvent logits) (Array.create 60 1.)

            Expect.isGreaterThan (auroc (Design.fit design y).Logits) 0.85 "in sample"
            Expect.isLessThan (auroc (Design.crossFit folds y design)) 0.75 "out of fold"

            let changed = y |> Array.mapi (fun i own -> if folds[i] = 0 then 1. - own else own)

            let before, after =
                Design.crossFit folds y design, Design.crossFit folds changed design

            for row in 0..59 do
                if folds[row] = 0 then
                    Expect.equal before[row] after[row] "own outcomes do not count"
        }
    ]
