module CausalDebiasing.Tests.WorldSupport

open System
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Cohorts

/// A moderate condition of a world; tests vary it.
let spec dataset seed = {
    Dataset = dataset
    MissingRate = Some 0.3
    Mechanism = Natural
    MechanismStrength = 0.7
    Confounding = 0.7
    Signal = 1.
    TrainSize = None
    Unbiased = false
    Seed = seed
}

/// Probability that a positive scores above a negative (Mann-Whitney; scores without ties).
let rankAuroc (cohort: Cohort) (scores: float[]) =
    let labels = cohort.Labels.ToArray()
    let order = Array.init labels.Length id |> Array.sortBy (fun i -> scores[i])
    let positives = labels |> Array.sumBy float

    let ranks =
        order
        |> Array.mapi (fun rank i -> float labels[i] * float (rank + 1))
        |> Array.sum

    (ranks - positives * (positives + 1.) / 2.)
    / (positives * (float labels.Length - positives))

/// Largest |observed share - mean prediction| over ten bins of equal size.
let worstDecile (cohort: Cohort) (probabilities: float[]) =
    let labels = cohort.Labels.ToArray()

    Array.zip probabilities labels
    |> Array.sortBy fst
    |> Array.splitInto 10
    |> Array.map (fun bin -> abs (Array.averageBy fst bin - Array.averageBy (snd >> float) bin))
    |> Array.max

let correlation (a: float[]) (b: float[]) =
    MathNet.Numerics.Statistics.Correlation.Pearson(a, b)

let missingFlags (cohort: Cohort) m =
    Array.init cohort.Count (fun row -> if cohort.IsObserved(row, m) then 0. else 1.)

let labels (cohort: Cohort) =
    cohort.Labels.ToArray() |> Array.map float

/// Equal in every stored bit.
let same (a: Cohort) (b: Cohort) =
    a.Mask.SequenceEqual b.Mask
    && a.Labels.SequenceEqual b.Labels
    && a.Sites.SequenceEqual b.Sites
    && a.Patients.SequenceEqual b.Patients
    && Seq.forall (fun m -> a.Values(m).SequenceEqual(b.Values m)) (seq { 0 .. a.Modalities.Count - 1 })
