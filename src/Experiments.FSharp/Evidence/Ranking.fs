namespace CausalDebiasing.Bench.Evidence

open System
open MathNet.Numerics.Distributions

/// Methods compared over the same blocks (settings), a larger value being better.
module Ranking =
    /// Rank of each method averaged over blocks, 1 for the best; blocks hold a value for every method, in one order.
    let averageRanks (blocks: float list list) =
        blocks
        |> List.map (List.map (~-) >> Trend.ranks)
        |> List.transpose
        |> List.map List.average

    /// Friedman's chi-square with k - 1 degrees of freedom from average ranks of k methods over n blocks.
    let friedman n (averages: float list) =
        let k = float averages.Length

        12. * float n / (k * (k + 1.))
        * (List.sumBy (fun rank -> rank ** 2.) averages - k * (k + 1.) ** 2. / 4.)

    /// P(range of k standard normal values <= q), by the trapezoidal rule.
    let private rangeCdf k q =
        let step = 0.02

        [ -8. .. step .. 8. ]
        |> List.sumBy (fun z ->
            Normal.PDF(0., 1., z)
            * (Normal.CDF(0., 1., z) - Normal.CDF(0., 1., z - q)) ** float (k - 1))
        |> (*) (float k * step)

    let private confidence = 0.95

    /// The 95 % point of the studentised range of k means with infinite degrees of freedom, divided by the root of 2.
    let nemenyi k =
        let rec halve low high steps =
            let middle = (low + high) / 2.

            if steps = 0 then
                middle
            elif rangeCdf k middle < confidence then
                halve middle high (steps - 1)
            else
                halve low middle (steps - 1)

        halve 0. 12. 30 / sqrt 2.

    /// Average ranks that differ by less than this are not told apart at the 5 % level by the Nemenyi test (J. Demsar, Journal of
    /// Machine Learning Research 7, 2006, section 3.2.2): k methods, n blocks.
    let criticalDifference k n =
        nemenyi k * sqrt (float (k * (k + 1)) / (6. * float n))

    /// Share of comparisons with the other methods, block by block, that a method wins; a tie is half a win.
    let winRates (blocks: float list list) =
        averageRanks blocks
        |> List.map (fun rank ->
            match blocks.Head.Length with
            | 1 -> nan
            | k -> (float k - rank) / float (k - 1))

    /// Whether each (value, cost) is on the Pareto front: no other has at least its value at no more than its cost, and is better
    /// in one. None where the cost is NaN, which is unknown; such a point beats no other either.
    let isOnFront (points: (float * float) list) =
        points
        |> List.map (fun (value, cost) ->
            if Double.IsNaN cost then
                None
            else
                points
                |> List.exists (fun (other, price) ->
                    other >= value && price <= cost && (other > value || price < cost))
                |> not
                |> Some)
