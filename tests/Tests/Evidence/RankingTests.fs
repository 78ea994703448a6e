module CausalDebiasing.Tests.Evidence.RankingTests

open CausalDebiasing.Bench.Evidence
open Expecto

let private close message (actual: float) (expected: float) =
    Expect.floatClose Accuracy.medium actual expected message

[<Tests>]
let tests =
    testList "Ranking" [
        test "the points of the Nemenyi test are those of Demsar's table 5" {
            for k, point in
                [
                    2, 1.960
                    3, 2.343
                    4, 2.569
                    5, 2.728
                    6, 2.850
                    7, 2.949
                    8, 3.031
                    9, 3.102
                    10, 3.164
                ] do
                Expect.isLessThan (abs (Ranking.nemenyi k - point)) 0.0011 $"{k} methods"
        }

        test "Demsar's example: 4 methods on 14 data sets" {
            // Average ranks 3.143, 2.000, 2.893 and 1.964; chi-square 9.28; critical difference 1.25.
            let chi = Ranking.friedman 14 [ 3.143; 2.; 2.893; 1.964 ]
            Expect.isLessThan (abs (chi - 9.28)) 0.01 "chi-square"
            Expect.isLessThan (abs (Ranking.criticalDifference 4 14 - 1.25)) 0.005 "critical difference"
        }

        test "ranks and win rates by hand, with a tie" {
            // Ranks: 1, 2, 3; 1.5, 1.5, 3; 3, 1, 2.
            let blocks = [ [ 0.9; 0.8; 0.7 ]; [ 0.8; 0.8; 0.6 ]; [ 0.5; 0.9; 0.7 ] ]
            List.iter2 (close "rank") (Ranking.averageRanks blocks) [ 5.5 / 3.; 1.5; 8. / 3. ]
            // Wins of 6 comparisons: 2 + 1.5 + 0, 1 + 1.5 + 2, 0 + 0 + 1.
            List.iter2 (close "wins") (Ranking.winRates blocks) [ 3.5 / 6.; 4.5 / 6.; 1. / 6. ]
        }

        test "the Pareto front leaves out what is beaten in both, and keeps equals" {
            Expect.equal
                (Ranking.isOnFront [ 0.8, 10.; 0.7, 1.; 0.7, 2.; 0.9, 50.; 0.8, 10.; 0.6, 1. ])
                ([ true; true; false; true; true; false ] |> List.map Some)
                "front"
        }

        test "what has no known cost is neither on the Pareto front nor takes others from it" {
            Expect.equal
                (Ranking.isOnFront [ 0.8, 10.; 0.9, nan; 0.7, 20. ])
                [ Some true; None; Some false ]
                "front"
        }
    ]
