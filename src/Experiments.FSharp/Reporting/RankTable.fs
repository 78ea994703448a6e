namespace CausalDebiasing.Bench.Reporting

open System
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running

/// A baseline in a variant among those that ran in every setting.
type RankedMethod = {
    Baseline: string
    Variant: Variant
    /// AUROC by setting, mean over the seeds that all methods have there, in the same order for all methods.
    Blocks: float list
    AverageRank: float
    WinRate: float
    Auroc: float
    /// Mean seconds of a fit over the runs that AUROC is a mean of; NaN where they are not known.
    Seconds: float
    /// None where the seconds are not known.
    IsOnFront: bool option
}

/// All methods that can be ranked together.
type RankTable = {
    Methods: RankedMethod list
    /// Settings that ranks are averaged over, each by its leading test.
    Settings: int
    /// Friedman's test of "all methods are alike".
    P: float
    CriticalDifference: float
}

module RankTable =
    let private compared = [ Variant.plain; Variant.recommended ]

    /// Of each data condition its leading test.
    let private leading (observations: Observation list) =
        observations
        |> List.filter (fun seen -> List.contains seen.Variant compared)
        |> List.groupBy _.Setting.Data
        |> List.collect (fun (data, own) ->
            let condition = own |> List.map _.Setting.Condition |> Style.leading data
            own |> List.filter (fun seen -> seen.Setting.Condition = condition))

    /// Of each method the runs with the seeds that all methods have.
    let private onCommonSeeds (methods: Map<int, Observation> list) =
        let seeds =
            methods |> List.map (Map.keys >> Set.ofSeq) |> Set.intersectMany |> Set.toList

        methods |> List.map (fun runs -> seeds |> List.map (fun seed -> runs[seed]))

    /// The table of plain and recommended models over the settings in which all of them have results; none below three
    /// methods or two settings. Settings in which no seed is shared by all methods are left out, and first the methods that are
    /// in fewer than half of the settings. Seconds are of a fit, by the cell's id.
    let create (seconds: Map<string, float>) (observations: Observation list) =
        let seen = leading observations
        let settings = seen |> List.map _.Setting.Data |> List.distinct |> List.sort

        let bySeed (own: Observation list) data =
            own
            |> List.filter (fun one -> one.Setting.Data = data && not (Double.IsNaN one.Measure.Auroc))
            |> List.distinctBy _.Seed
            |> List.map (fun one -> one.Seed, one)
            |> Map.ofList

        let methods =
            seen
            |> List.groupBy (fun one -> one.Setting.Baseline, one.Variant)
            |> List.sortBy fst
            |> List.map (fun (key, own) -> key, List.map (bySeed own) settings)
            |> List.filter (fun (_, runs) ->
                2 * (runs |> List.filter (Map.isEmpty >> not) |> List.length) >= settings.Length)

        // By setting, then by method.
        let shared =
            methods
            |> List.map snd
            |> List.transpose
            |> List.map onCommonSeeds
            |> List.filter (List.forall (List.isEmpty >> not))

        let blocks =
            shared |> List.map (List.map (List.averageBy (fun one -> one.Measure.Auroc)))

        if methods.Length < 3 || blocks.Length < 2 then
            None
        else
            let averages = Ranking.averageRanks blocks
            let aurocs = List.transpose blocks

            let costs =
                List.transpose shared
                |> List.map (
                    List.concat
                    >> List.choose (fun one -> Map.tryFind one.CellId seconds)
                    >> Statistics.mean
                )

            let front =
                Ranking.isOnFront (List.map2 (fun levels cost -> List.average levels, cost) aurocs costs)

            Some {
                Settings = blocks.Length
                P =
                    1.
                    - MathNet.Numerics.Distributions.ChiSquared.CDF(
                        float (methods.Length - 1),
                        max 0. (Ranking.friedman blocks.Length averages)
                    )
                CriticalDifference = Ranking.criticalDifference methods.Length blocks.Length
                Methods =
                    List.zip methods (Ranking.winRates blocks)
                    |> List.mapi (fun i (((baseline, variant), _), wins) -> {
                        Baseline = baseline
                        Variant = variant
                        Blocks = aurocs[i]
                        AverageRank = averages[i]
                        WinRate = wins
                        Auroc = List.average aurocs[i]
                        Seconds = costs[i]
                        IsOnFront = front[i]
                    })
                    |> List.sortBy _.AverageRank
            }
