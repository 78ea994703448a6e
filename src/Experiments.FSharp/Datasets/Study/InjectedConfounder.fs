namespace CausalDebiasing.Bench.Datasets

open System
open System.Collections.Generic
open MathNet.Numerics.Statistics
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime

/// A binary confounder C in {-1, 1} that recorded patients are given, and its imprint on their numeric values.
module InjectedConfounder =
    /// P(C = y) at each site under a condition: as in the Acquisition world, the sites taking turns in the order of their
    /// names; a single site has the second of the world's four agreements.
    let agreement condition kappa (siteNames: IReadOnlyList<string>) =
        let ranks =
            if siteNames.Count = 1 then
                Map [ siteNames[0], 1 ]
            else
                siteNames
                |> Seq.sortWith (fun a b -> String.CompareOrdinal(a, b))
                |> Seq.mapi (fun rank name -> name, rank % WorldCohort.siteNames.Length)
                |> Map.ofSeq

        siteNames
        |> Seq.map (fun name -> AcquisitionConfounder.agreement condition kappa ranks[name])
        |> Array.ofSeq

    /// Draws the confounder of the rows of any part of `whole` under a condition. It is the patient's: all rows share it, y
    /// is whether one of them has the event, and the site is that of the first. A patient who has C = y keeps it wherever the
    /// agreement is higher.
    let draw (seed: Seed) (whole: Cohort) =
        let facts = Dictionary<int64, struct (float * int)>()

        for row in 0 .. whole.Count - 1 do
            let event = if whole.Labels[row] > 0f then 1. else -1.

            facts[whole.Patients[row]] <-
                match facts.TryGetValue whole.Patients[row] with
                | true, (earlier, site) -> struct (max earlier event, site)
                | _ -> struct (event, whole.Sites[row])

        let uniforms =
            let patients = facts.Keys |> Seq.sort |> Array.ofSeq

            Array.zip patients (Draws.uniforms seed "confounder" patients.Length) |> dict

        fun condition kappa (part: Cohort) ->
            let agreement = agreement condition kappa whole.SiteNames

            part.Patients.ToArray()
            |> Array.map (fun patient ->
                let struct (event, site) = facts[patient]

                if uniforms[patient] < agreement[site] then
                    event
                else
                    -event)

    /// A column of at most so many values is a code or a grade, which no device shifts: a shift would make values of it that
    /// tell the confounder at once.
    let private fewValues = 10

    /// Of the recorded values; 0 where they are few.
    let private deviation (cohort: Cohort) m channel =
        let width = cohort.Modalities[m].Width
        let seen = RunningStatistics()
        let distinct = HashSet<float32>()

        for row in 0 .. cohort.Count - 1 do
            if cohort.IsObserved(row, m) then
                let values = cohort.Row(m, row)

                for i in channel..width .. values.Length - 1 do
                    if not (Single.IsNaN values[i]) then
                        seen.Push(float values[i])

                        if distinct.Count <= fewValues then
                            distinct.Add values[i] |> ignore

        if distinct.Count <= fewValues then
            0.
        else
            seen.StandardDeviation

    /// Per modality what C = 1 adds to each feature (or channel of a series): s_j sd_j with s_j ~ N(0, 1/4) and the standard
    /// deviation of what the training rows have; empty for codes.
    let imprints (seed: Seed) (train: Cohort) =
        train.Modalities
        |> Seq.mapi (fun m modality ->
            if modality.Kind = ModalityKind.Codes then
                [||]
            else
                Draws.normals (seed.Derive "imprint") modality.Name modality.Width
                |> Array.mapi (fun channel s -> 0.5 * s * deviation train m channel))
        |> Array.ofSeq

    /// The rows with the imprint of their confounder on every recorded number; what was not recorded stays so.
    let imprint (imprints: float[][]) (confounder: float[]) (cohort: Cohort) =
        let imprinted m (added: float[]) =
            let values = cohort.Values(m).ToArray()
            let size = cohort.Modalities[m].Size

            if added.Length > 0 then
                for i in 0 .. values.Length - 1 do
                    values[i] <- values[i] + float32 (added[i % size % added.Length] * confounder[i / size])

            values

        cohort.WithValues(Array.mapi imprinted imprints)
