namespace CausalDebiasing.Bench.Shifts

open System
open CausalDebiasing.Bench.Worlds
open CausalDebiasing.Runtime
open MathNet.Numerics.RootFinding

/// From a wanted missing rate to intercepts and masks.
module MissingnessRate =
    /// The rates that can be reached lie below this: one modality of every patient stays.
    let largest modalities =
        float (modalities - 1) / float modalities

    /// Expected share of missing modalities with a common intercept b, the rule for empty rows included.
    let private expected (scores: float[]) modalities b =
        let mutable missing = 0.

        for row in 0..modalities .. scores.Length - 1 do
            let mutable all = 1.

            for m in 0 .. modalities - 1 do
                let p = 1. / (1. + exp -(b + scores[row + m]))
                missing <- missing + p
                all <- all * p

            missing <- missing - all

        missing / float scores.Length

    /// The mechanism with the common intercept b at which the expected missing rate over the given population
    /// is `rate`. Modalities that are never missing stay so.
    /// Raises InputException for a rate that cannot be reached.
    let fit rate mechanism drivers =
        let modalities = mechanism.Intercepts.Length

        if rate >= largest modalities then
            raise (
                InputException
                    $"--missing-rate {rate} cannot be reached: every patient keeps one of {modalities} modalities; give less than {largest modalities}."
            )

        let scores =
            MissingnessMechanism.logits
                {
                    mechanism with
                        Intercepts =
                            mechanism.Intercepts |> Array.map (fun b -> if Double.IsFinite b then 0. else b)
                }
                drivers

        let b =
            if rate = 0. then
                Double.NegativeInfinity
            else
                Brent.FindRoot((fun b -> expected scores modalities b - rate), -60., 60., 1e-5, 200)

        {
            mechanism with
                Intercepts =
                    mechanism.Intercepts
                    |> Array.map (fun old -> if Double.IsFinite old then b else old)
        }

    /// MCAR at a rate.
    let fitMcar rate modalities =
        fit rate (MissingnessMechanism.mcar modalities) {
            Latent = [||]
            Projections = [||]
            Confounder = [| 1. |]
            Outcome = [| 1. |]
        }

    /// Draws the n x M mask of a sample (true: observed). The intercept is shifted by the sampling error,
    /// O(1 / sqrt n), that would otherwise part the sample's missing rate from the wanted one.
    let hide rate mechanism drivers (seed: Seed) =
        let modalities = mechanism.Intercepts.Length
        let n = drivers.Outcome.Length
        let logits = MissingnessMechanism.logits mechanism drivers
        let uniforms = Draws.uniforms seed "mask" (n * modalities)
        let choice = Draws.uniforms seed "restored" n

        // Missing where margin <= shift; the row's largest margin never counts, since an empty row gets one back.
        let margins = Array.map2 (fun u logit -> log (u / (1. - u)) - logit) uniforms logits

        let counted =
            margins
            |> Array.chunkBySize modalities
            |> Array.collect (Array.sort >> Array.take (modalities - 1))

        Array.sortInPlace counted
        let missing = int (round (rate * float (n * modalities)))

        let shift =
            if missing = 0 then
                Double.NegativeInfinity
            else
                counted[missing - 1]

        let mask = margins |> Array.map (fun margin -> margin > shift)

        for i in 0 .. n - 1 do
            let row = i * modalities

            if not (Array.exists id mask[row .. row + modalities - 1]) then
                let own = logits[row .. row + modalities - 1]
                let least = Array.min own

                let ties = [|
                    for m in 0 .. modalities - 1 do
                        if own[m] = least then
                            m
                |]

                mask[row + ties[int (choice[i] * float ties.Length)]] <- true

        mask
