namespace CausalDebiasing.Bench.Worlds

open System
open System.Collections.Generic
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime
open MathNet.Numerics

/// In what a new hospital differs from those that are trained on.
type SiteShiftKind =
    | NothingMoves
    /// P(x).
    | CaseMixMoves
    /// P(r | x).
    | MeasuringMoves
    /// P(y | x, r).
    | OutcomeMoves
    | AllMove

/// Exact densities at one patient: q(x) / (p(x) + q(x)), q(r|x) / (p(r|x) + q(r|x)) and the mean of the latter given x among
/// patients of the training hospitals.
[<Struct>]
type SiteShiftDensities = {
    Mix: float
    Measuring: float
    MeanMeasuring: float
}

/// A hospital's table (`HospitalTable.standard`) of which all that moves between the training hospitals and a new one is known
/// exactly. x is the demographics, which all have; what else is measured depends on x alone, through age and emergency; the new
/// hospital selects patients, measures, or has outcomes by other rules.
type SiteShift = {
    Kind: SiteShiftKind
    World: HospitalWorld
    /// Logit of having each modality but the first, in training hospitals and in the new one: intercept and slope on the place.
    Measured: struct (float * float)[]
    MeasuredThere: struct (float * float)[]
    /// Mean probability with which the new hospital takes a patient of the population.
    MeanTaken: float
}

module SiteShift =
    let kinds = [
        "nothing", NothingMoves
        "case mix", CaseMixMoves
        "measuring", MeasuringMoves
        "outcome", OutcomeMoves
        "all", AllMove
    ]

    let private setting = {
        HospitalSetting.plain with
            Name = "site-shift"
            Grouping = Hospitals 1
            CaseMix = 0.
            Severity = 0.
    }

    let private spec seed = {
        DataSpec.asItIs setting.Name seed with
            MissingRate = Some 0.
    }

    let private moves kind what = kind = what || kind = AllMove

    /// What of a patient's x decides: years of age about the mean, and an emergency.
    let private place (cohort: Cohort) row =
        let x = cohort.Row(0, row)
        (float x[0] - 62.) / 15. + (float x[3] - 0.6)

    /// Probability with which the new hospital takes a patient.
    let private taken shift place =
        if moves shift.Kind CaseMixMoves then
            SpecialFunctions.Logistic(1.2 * place - 0.5)
        else
            0.5

    let private seen (struct (intercept, slope)) place =
        SpecialFunctions.Logistic(intercept + slope * place)

    /// The world of a seed, before it is decided what moves.
    let world seed =
        HospitalWorld.create setting (spec seed)

    /// All that can be known of patients, before it is decided who is where and what is measured.
    let population world (name: string) number rows =
        HospitalWorld.draw world InDistribution world.Model.Training name number rows

    /// What moves in a world; `sample`: many patients of its population.
    let create kind world (sample: HospitalSample) =
        let own = (Seed(uint64 world.Spec.Seed).Derive "world").Derive "site shift"
        let modalities = setting.Table.Length - 1

        let rules (name: string) lowest =
            Array.map2
                (fun intercept slope -> struct (2. * intercept + lowest, 1.2 * slope - 0.6))
                (Draws.uniforms own $"{name}/intercepts" modalities)
                (Draws.uniforms own $"{name}/slopes" modalities)

        let here = rules "here" -0.2

        let shift = {
            Kind = kind
            World = world
            Measured = here
            // Fewer are measured there.
            MeasuredThere =
                if moves kind MeasuringMoves then
                    rules "there" -1.2
                else
                    here
            MeanTaken = 0.5
        }

        {
            shift with
                MeanTaken =
                    Array.init sample.Cohort.Count (fun row -> taken shift (place sample.Cohort row))
                    |> Array.average
        }

    /// Hides what is not measured and, in the new hospital, may redraw outcomes; `isTarget` says who is there.
    let private observe shift (seed: Seed) (sample: HospitalSample) (isTarget: bool[]) =
        let cohort = sample.Cohort
        let modalities = cohort.Modalities.Count

        let chance =
            Array.init modalities (fun m -> Draws.uniforms seed $"seen/{m}" cohort.Count)

        let outcome = Draws.uniforms seed "outcome there" cohort.Count

        let mask =
            Array.init (cohort.Count * modalities) (fun i ->
                let row, m = i / modalities, i % modalities

                let rules =
                    if isTarget[row] then
                        shift.MeasuredThere
                    else
                        shift.Measured

                m = 0 || chance[m][row] < seen rules[m - 1] (place cohort row))

        let labels =
            Array.init cohort.Count (fun row ->
                if isTarget[row] && moves shift.Kind OutcomeMoves then
                    let logit =
                        HospitalModel.outcomeLogit
                            shift.World.Model
                            shift.World.Model.Training
                            sample.States
                            row

                    if outcome[row] < SpecialFunctions.Logistic(0.4 * logit) then
                        1f
                    else
                        0f
                else
                    cohort.Labels[row])

        cohort.WithMask(mask).WithLabels(labels)

    /// Patients of the training hospitals, the first `rows` of a sample of the population, and of the new one, which takes some
    /// of the others; and who is in the latter.
    let draw shift (name: string) (sample: HospitalSample) rows =
        let seed = Seed(uint64 shift.World.Spec.Seed).Derive("site shift").Derive name
        let count = sample.Cohort.Count
        let chance = Draws.uniforms seed "taken" count

        let kept =
            [| 0 .. count - 1 |]
            |> Array.filter (fun row -> row < rows || chance[row] < taken shift (place sample.Cohort row))

        let cohort = observe shift seed sample (Array.init count (fun row -> row >= rows))
        cohort.Select kept, kept |> Array.map (fun row -> row >= rows)

    let private logRatio shift place pattern =
        Array.zip shift.Measured shift.MeasuredThere
        |> Array.mapi (fun m (here, there) ->
            let here, there = seen here place, seen there place

            if pattern >>> (m + 1) &&& 1 = 1 then
                log (there / here)
            else
                log ((1. - there) / (1. - here)))
        |> Array.sum

    let private patternChance shift place pattern =
        shift.Measured
        |> Array.mapi (fun m rules ->
            let here = seen rules place
            if pattern >>> (m + 1) &&& 1 = 1 then here else 1. - here)
        |> Array.fold (*) 1.

    /// The exact densities at every row.
    let densities shift (cohort: Cohort) =
        let known = Dictionary<float, float>()
        let patterns = [| for own in 0 .. (1 <<< shift.Measured.Length) - 1 -> own <<< 1 |]

        let meanAt place =
            match known.TryGetValue place with
            | true, mean -> mean
            | _ ->
                let mean =
                    patterns
                    |> Array.sumBy (fun pattern ->
                        patternChance shift place pattern
                        * SpecialFunctions.Logistic(logRatio shift place pattern))

                known[place] <- mean
                mean

        Array.init cohort.Count (fun row ->
            let place = place cohort row
            let ratio = taken shift place / shift.MeanTaken

            {
                Mix = ratio / (1. + ratio)
                Measuring = SpecialFunctions.Logistic(logRatio shift place (cohort.Pattern row))
                MeanMeasuring = meanAt place
            })
