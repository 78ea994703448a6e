namespace CausalDebiasing.Bench.Shifts

open System
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Runtime
open MathNet.Numerics
open MathNet.Numerics.RootFinding

/// From a wanted missing rate to intercepts and masks.
module MissingnessRate =
    let private count (flags: bool[]) =
        flags |> Array.sumBy (fun flag -> if flag then 1 else 0)

    /// Expected share of hidden ones among the recorded modalities with a common intercept b, the rule for empty rows
    /// included.
    let private expected (recorded: bool[]) (scores: float[]) modalities b =
        let mutable missing = 0.

        for row in 0..modalities .. scores.Length - 1 do
            let mutable all = 1.

            for m in 0 .. modalities - 1 do
                if recorded[row + m] then
                    let p = SpecialFunctions.Logistic(b + scores[row + m])
                    missing <- missing + p
                    all <- all * p

            missing <- missing - all

        missing / float (count recorded)

    /// The mechanism with the common intercept b at which the expected share of hidden ones among the recorded modalities
    /// (n x M flags, at least one in each row) is `rate`. Modalities that are never missing stay so.
    /// Raises InputException for a rate that cannot be reached.
    let fitAmong (recorded: bool[]) rate mechanism drivers =
        let modalities = mechanism.Intercepts.Length
        let total = count recorded

        let largest = float (total - recorded.Length / modalities) / float total

        if rate > 0. && rate >= largest then
            let bound = floor (1000. * largest) / 1000.

            raise (
                InputException
                    $"--missing-rate {rate} cannot be reached: every patient keeps one modality, of {modalities}; give less than {bound}."
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
                Brent.FindRoot((fun b -> expected recorded scores modalities b - rate), -60., 60., 1e-5, 200)

        {
            mechanism with
                Intercepts =
                    mechanism.Intercepts
                    |> Array.map (fun old -> if Double.IsFinite old then b else old)
        }

    /// The same where everything is recorded.
    let fit rate mechanism drivers =
        let all = Array.create (drivers.Outcome.Length * mechanism.Intercepts.Length) true

        fitAmong all rate mechanism drivers

    /// MCAR at a rate.
    let fitMcar rate modalities =
        fit rate (MissingnessMechanism.mcar modalities) {
            Latent = [||]
            Projections = [||]
            Confounder = [| 1. |]
            Outcome = [| 1. |]
        }

    /// Draws the n x M mask of a sample (true: observed) of which some modalities are recorded. The intercept is shifted
    /// by the sampling error, O(1 / sqrt n), that would otherwise part the sample's rate of hidden ones among them from
    /// the wanted one.
    let hideAmong (recorded: bool[]) rate mechanism drivers (seed: Seed) =
        let modalities = mechanism.Intercepts.Length
        let n = drivers.Outcome.Length
        let logits = MissingnessMechanism.logits mechanism drivers
        let uniforms = Draws.uniforms seed "mask" (n * modalities)
        let choice = Draws.uniforms seed "restored" n

        // Missing where margin <= shift; the row's largest margin never counts, since an empty row gets one back.
        let margins =
            Array.map2 (fun u logit -> SpecialFunctions.Logit u - logit) uniforms logits

        let counted = [|
            for i in 0 .. n - 1 do
                let row = i * modalities

                let own = [|
                    for m in row .. row + modalities - 1 do
                        if recorded[m] then
                            margins[m]
                |]

                Array.sortInPlace own
                yield! own[.. own.Length - 2]
        |]

        Array.sortInPlace counted

        let missing = min counted.Length (int (round (rate * float (count recorded))))

        let shift =
            if missing = 0 then
                Double.NegativeInfinity
            else
                counted[missing - 1]

        let mask =
            Array.map2 (fun recorded margin -> recorded && margin > shift) recorded margins

        for i in 0 .. n - 1 do
            let row = i * modalities

            if not (Array.exists id mask[row .. row + modalities - 1]) then
                let own = [| 0 .. modalities - 1 |] |> Array.filter (fun m -> recorded[row + m])
                let least = own |> Array.map (fun m -> logits[row + m]) |> Array.min
                let ties = own |> Array.filter (fun m -> logits[row + m] = least)

                mask[row + ties[int (choice[i] * float ties.Length)]] <- true

        mask

    /// The same where everything is recorded.
    let hide rate mechanism drivers seed =
        let all = Array.create (drivers.Outcome.Length * mechanism.Intercepts.Length) true

        hideAmong all rate mechanism drivers seed
