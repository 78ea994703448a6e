namespace CausalDebiasing.Bench.Evidence

open MathNet.Numerics.Distributions

/// Whether values rise or fall along ordered levels.
type Trend = {
    /// Seeds that have a value at every level.
    Seeds: int
    Levels: int
    /// Least-squares slope of each seed, over seeds.
    Slope: Estimate
    /// Two-sided p-value of Page's test of "no order".
    P: float
}

/// Trends along a swept number, with the seed as the block.
module Trend =
    /// Levels up to which Page's test is exact.
    let mostPermuted = 7

    /// Ranks from 1 for the smallest; equal values share the mean of theirs.
    let ranks (values: float list) =
        values
        |> List.map (fun value ->
            let below = values |> List.filter (fun other -> other < value) |> List.length
            let equal = values |> List.filter (fun other -> other = value) |> List.length
            float below + (float equal + 1.) / 2.)

    let private statistic (ranks: float list) =
        ranks |> List.mapi (fun level rank -> float (level + 1) * rank) |> List.sum

    let rec private permutations (items: float list) =
        match items with
        | [] -> [ [] ]
        | _ ->
            items
            |> List.indexed
            |> List.collect (fun (index, item) ->
                permutations (List.removeAt index items) |> List.map (fun rest -> item :: rest))

    /// The statistic's distribution within a block whose ranks are in random order, in halves, as (value, probability).
    let private ofBlock ranks =
        let orders = permutations ranks

        orders
        |> List.countBy (fun order -> int (round (2. * statistic order)))
        |> List.map (fun (value, count) -> value, float count / float orders.Length)

    let private sumOf (left: (int * float) list) right =
        List.allPairs left right
        |> List.groupBy (fun ((a, _), (b, _)) -> a + b)
        |> List.map (fun (value, pairs) -> value, pairs |> List.sumBy (fun ((_, p), (_, q)) -> p * q))

    /// P(L >= l) and P(L <= l) of Page's L: exact by permutation within blocks up to 7 levels, also with ties; else by the normal
    /// approximation.
    let private tails (blocks: float list list) =
        let observed = List.sumBy statistic blocks
        let n, k = float blocks.Length, float blocks.Head.Length

        if blocks.Head.Length <= mostPermuted then
            let distribution = blocks |> List.map ofBlock |> List.reduce sumOf
            let limit = int (round (2. * observed))

            let share keep =
                distribution |> List.filter (fst >> keep) |> List.sumBy snd

            share (fun value -> value >= limit), share (fun value -> value <= limit)
        else
            let centre = n * k * (k + 1.) ** 2. / 4.
            let sd = sqrt (n * k ** 2. * (k + 1.) ** 2. * (k - 1.) / 144.)
            let z = (observed - centre) / sd
            Normal.CDF(0., 1., -z), Normal.CDF(0., 1., z)

    /// Page's test for ordered alternatives (E. B. Page, Journal of the American Statistical Association 58, 1963): L, the sum
    /// over levels of level number times rank sum, and the one-sided p-value of "rises". Blocks are lists of values by level, all
    /// of one length of 2 or more.
    let page (blocks: float list list) =
        let ranked = List.map ranks blocks
        List.sumBy statistic ranked, fst (tails ranked)

    let private slope (levels: float list) (values: float list) =
        let x, y = List.average levels, List.average values

        List.sum (List.map2 (fun a b -> (a - x) * (b - y)) levels values)
        / List.sumBy (fun a -> (a - x) ** 2.) levels

    /// The trend of values by seed along levels, as (level, values); none below three levels or without a seed that has them
    /// all. A slope for each seed first, as a summary measure (Matthews et al., BMJ 300, 1990).
    let along (points: (float * BySeed) list) =
        let points = List.sortBy fst points
        let levels = List.map fst points

        let blocks =
            match points with
            | [] -> []
            | (_, first) :: _ ->
                Map.keys first
                |> Seq.filter (fun seed -> points |> List.forall (fun (_, values) -> values.ContainsKey seed))
                |> Seq.map (fun seed -> points |> List.map (fun (_, values) -> values[seed]))
                |> List.ofSeq

        if levels.Length < 3 || blocks.IsEmpty then
            None
        else
            let rising, falling = blocks |> List.map ranks |> tails

            Some {
                Seeds = blocks.Length
                Levels = levels.Length
                Slope = blocks |> List.map (slope levels) |> Statistics.estimate
                P = min 1. (2. * min rising falling)
            }

    /// Area under a curve by the trapezoidal rule, divided by the range of its levels: the mean height between the first and the last.
    let area (points: (float * float) list) =
        let points = List.sortBy fst points

        let total =
            points
            |> List.pairwise
            |> List.sumBy (fun ((x, y), (x', y')) -> (x' - x) * (y + y') / 2.)

        total / (fst (List.last points) - fst points.Head)
