namespace CausalDebiasing.Bench.Worlds

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Runtime
open MathNet.Numerics
open MathNet.Numerics.RootFinding

/// How modalities go missing in a Hospital world under a condition: logit P(missing) = b_m - l_m . S - d_m place(kind)
/// - e_m (2y - 1), independently given these. Who is left with nothing gets the first modality back.
type HospitalOrdering = {
    /// Share of patients without the modality.
    Rates: float[]
    /// b_m.
    Intercepts: float[]
    /// l_m.
    Severity: float[][]
    /// d_m.
    Protocol: float[]
    /// e_m.
    Suspicion: float[]
}

module HospitalOrdering =
    let private latents = HospitalTable.latents

    /// The first modality is missing at most this often.
    let private rarely = 0.02

    let private root (f: float -> float) = Brent.FindRoot(f, -60., 60., 1e-9, 300)

    /// What a missing rate means for each modality: rarities differ, and the first is nearly always there.
    /// Raises InputException for a rate that cannot be reached.
    let rates (table: HospitalModality[]) rate =
        let others = table.Length - 1
        let first = min rarely (rate / 10.)
        let mean = (rate * float table.Length - first) / float others

        if mean > 0.95 then
            let bound = floor (950. * float others / float table.Length) / 1000.

            raise (
                InputException
                    $"--missing-rate {rate} cannot be reached: nearly every patient has the {table[0].Name}; give less than {bound}."
            )

        let at b =
            table[1..]
            |> Array.map (fun modality -> SpecialFunctions.Logistic(b + modality.Rarity))

        let own =
            if rate = 0. then
                Array.zeroCreate others
            else
                at (root (fun b -> Array.average (at b) - mean))

        Array.append [| first |] own

    /// The logit of patient i of the states and a modality, given the kind's place and whether the outcome is there.
    let logit ordering states m place isPositive i =
        let mutable sum = ordering.Intercepts[m] - ordering.Protocol[m] * place

        for j in 0 .. latents - 1 do
            sum <- sum - ordering.Severity[m][j] * states.Latent[i * latents + j]

        if isPositive then
            sum - ordering.Suspicion[m]
        else
            sum + ordering.Suspicion[m]

    /// Slopes without intercepts. The sicker a patient, the more is ordered; what suspicion and protocol do differs by
    /// modality, most of which they bring about. The first modality does not depend on anything.
    let private slopes setting (seed: Seed) strength direction =
        let seed = (seed.Derive "world").Derive "ordering"
        let count = setting.Table.Length

        let perModality (name: string) slope =
            let sizes = Draws.uniforms seed $"{name}/sizes" count
            let turned = Draws.uniforms seed $"{name}/turned" count

            Array.init count (fun m ->
                let sign = if turned[m] < 0.2 then -1. else 1.

                if m = 0 then
                    0.
                else
                    direction * slope * sign * (0.3 + 0.7 * sizes[m]))

        {
            Rates = [||]
            Intercepts = Array.zeroCreate count
            Severity =
                Array.init count (fun m ->
                    let along = Draws.normals seed $"severity/{m}" latents |> Array.map abs
                    let norm = along |> Array.sumBy (fun v -> v * v) |> sqrt
                    let slope = if m = 0 then 0. else direction * setting.Severity
                    along |> Array.map (fun v -> slope * v / norm))
            Protocol = perModality "protocol" setting.Protocol
            Suspicion = perModality "suspicion" (setting.Suspicion * strength)
        }

    /// The ordering with the intercepts that give each modality its rate among patients of these groups.
    let private fit model condition kappa groups rates slopes =
        let states = HospitalModel.population model groups 1000
        let joint = HospitalPractice.joint model condition kappa groups states

        let places =
            HospitalPractice.levels model.Setting
            |> Array.map (HospitalPractice.place model.Setting)

        let laws = Array.init states.Groups.Length joint

        let intercept m rate =
            if rate = 0. then
                -infinity
            else
                let weighted = [|
                    for i in 0 .. laws.Length - 1 do
                        for k in 0 .. places.Length - 1 do
                            let struct (negative, positive) = laws[i][k]
                            struct (negative, logit slopes states m places[k] false i)
                            struct (positive, logit slopes states m places[k] true i)
                |]

                root (fun b ->
                    let mutable sum = 0.

                    for struct (weight, logit) in weighted do
                        sum <- sum + weight * SpecialFunctions.Logistic(b + logit)

                    sum / float laws.Length - rate)

        {
            slopes with
                Rates = rates
                Intercepts = Array.mapi intercept rates
        }

    /// The ordering under a condition among patients of some groups: as in training, at random, or with opposite signs.
    /// Raises InputException for a rate that cannot be reached.
    let create model (spec: DataSpec) condition groups =
        let direction =
            match condition with
            | InDistribution -> 1.
            | Interventional -> 0.
            | Reversed -> -1.

        slopes model.Setting (Seed(uint64 spec.Seed)) spec.MechanismStrength direction
        |> fit
            model
            condition
            spec.Confounding
            groups
            (rates model.Setting.Table (WorldCohort.missingRate spec))

    /// The n x M mask (true: there) of patients with these kinds and outcomes. Each modality is missing as often as its
    /// rate says.
    let hide model ordering states (kinds: float[]) (outcome: bool[]) (seed: Seed) =
        let n, modalities = kinds.Length, ordering.Rates.Length
        let mask = Array.create (n * modalities) true

        for m in 0 .. modalities - 1 do
            let margins =
                Draws.uniforms seed $"mask/{m}" n
                |> Array.mapi (fun i u ->
                    let place = HospitalPractice.place model.Setting kinds[i]
                    SpecialFunctions.Logit u - logit ordering states m place outcome[i] i)

            let missing = int (round (ordering.Rates[m] * float n))
            let order = Array.init n id |> Array.sortBy (fun i -> margins[i])

            for i in order[.. missing - 1] do
                mask[i * modalities + m] <- false

        for i in 0 .. n - 1 do
            if not (Array.exists id mask[i * modalities .. (i + 1) * modalities - 1]) then
                mask[i * modalities] <- true

        mask
