namespace CausalDebiasing.Bench.Evidence

open System
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Running

/// Values by seed, for example one baseline's AUROC differences.
type BySeed = Map<int, float>

/// Seeds as independent replicates: everything that shares a seed shares the world, so it is averaged before any
/// interval or test is computed.
module Replicates =
    /// A metric of one variant by seed; undefined values are left out.
    let ofVariant (metric: Measure -> float) variant (observations: Observation list) : BySeed =
        observations
        |> List.filter (fun o -> o.Variant = variant && not (Double.IsNaN(metric o.Measure)))
        |> List.map (fun o -> o.Seed, metric o.Measure)
        |> Map.ofList

    /// Values over the seeds that both sides have.
    let combine (f: float -> float -> float) (left: BySeed) (right: BySeed) : BySeed =
        left
        |> Map.toList
        |> List.choose (fun (seed, value) ->
            Map.tryFind seed right |> Option.map (fun other -> seed, f value other))
        |> Map.ofList

    /// Per seed the difference of a metric between two variants of one setting.
    let difference metric treated reference observations =
        combine (-) (ofVariant metric treated observations) (ofVariant metric reference observations)

    /// The values in the order of the seeds.
    let values (bySeed: BySeed) = bySeed |> Map.toList |> List.map snd

    /// Mean over units (baselines, settings) per seed. So that no seed averages other units than the next, it keeps the
    /// seeds of the best replicated unit and the units that have them all. Returns the means and the number of units.
    let average (units: BySeed list) : BySeed * int =
        let seeds = Map.keys >> Set.ofSeq

        let covering wanted =
            units |> List.filter (seeds >> Set.isSubset wanted)

        match units |> List.filter (Map.isEmpty >> not) with
        | [] -> Map.empty, 0
        | present ->
            let wanted =
                present
                |> List.map seeds
                |> List.distinct
                |> List.maxBy (fun wanted -> wanted.Count, (covering wanted).Length)

            let kept = covering wanted

            wanted
            |> Seq.map (fun seed -> seed, kept |> List.averageBy (fun unit -> unit[seed]))
            |> Map.ofSeq,
            kept.Length
