namespace CausalDebiasing.Bench.Worlds

open MathNet.Numerics
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Cohorts
open CausalDebiasing.Runtime

/// One Hospital world with all that it draws from.
type HospitalWorld = {
    Model: HospitalModel
    Calibration: HospitalCalibration
    Spec: DataSpec
}

/// A sample with what no table shows.
type HospitalSample = {
    States: HospitalStates
    /// Each patient's hidden kind.
    Kinds: float[]
    Outcome: bool[]
    Cohort: Cohort
}

/// A general hospital's table: modalities of unequal size, skewed, discrete and 0/1 columns, several hospitals, a hidden
/// practice that calibrates what is recorded, and tests that are ordered by severity, suspicion and protocol. Training is
/// in some hospitals, the tests other than "id" in others.
module HospitalWorld =
    /// Draws the constants of a condition.
    let create setting (spec: DataSpec) =
        let spec = HospitalSetting.canonical setting spec
        let seed = Seed(uint64 spec.Seed)
        let model = HospitalModel.create setting spec.Signal seed

        {
            Model = model
            Calibration = HospitalCalibration.create model seed
            Spec = spec
        }

    /// The practice that a condition has: always the training's where nothing changes.
    let private practice world condition =
        if world.Model.Setting.IsUnchanged then
            InDistribution
        else
            condition

    /// How tests are ordered under a condition in some groups. Raises InputException for a missing rate that cannot be
    /// reached.
    let ordering world condition groups =
        HospitalOrdering.create world.Model world.Spec (practice world condition) groups

    /// The numbers of a modality's row, one after the other.
    let private block world (sample: int -> int -> float) n m =
        let columns =
            Array.indexed world.Model.Columns
            |> Array.filter (fun (c, _) -> world.Model.ModalityOf[c] = m)

        Array.init n (fun i ->
            columns
            |> Array.collect (fun (c, column) -> HospitalColumn.encode column (sample c i)))
        |> Array.concat

    let private values world (seed: Seed) states (kinds: float[]) =
        let model = world.Model

        model.Columns
        |> Array.mapi (fun c column ->
            let n = kinds.Length
            let seed = seed.Derive $"column/{column.Name}"
            let normal, uniform = Draws.normals seed "normal" n, Draws.uniforms seed "uniform" n
            let error = Draws.uniforms seed "error" n

            Array.init n (fun i ->
                HospitalValue.draw
                    column
                    (HospitalCalibration.recording model world.Calibration kinds[i] c)
                    model.Setting.GrossErrors
                    states.Groups[i]
                    (HospitalModel.effect model states c i)
                    {
                        Normal = normal[i]
                        Uniform = uniform[i]
                        Error = error[i]
                    }))

    let private outcomes world condition groups (seed: Seed) states =
        let model = world.Model
        let setting = model.Setting
        let n = states.Groups.Length
        let kindDraws = Draws.uniforms seed "kind" n

        let kind isPositive i =
            HospitalPractice.draw
                setting
                condition
                world.Spec.Confounding
                states.Groups[i]
                isPositive
                kindDraws[i]

        let outcome = Draws.uniforms seed "outcome" n

        Array.init n (fun i ->
            let logit = HospitalModel.outcomeLogit model groups states i

            match setting.Hidden with
            | Subtype ->
                let subtype = kind false i
                let own = HospitalModel.subtypeLogit groups[states.Groups[i]] subtype
                outcome[i] < SpecialFunctions.Logistic(logit + own), subtype
            | _ ->
                let isPositive = outcome[i] < SpecialFunctions.Logistic logit
                isPositive, kind isPositive i)
        |> Array.unzip

    /// Draws n patients of some groups under a condition. The same seed and sample name give the same states, and but for
    /// subtypes the same outcomes, under every condition.
    let draw world condition groups (name: string) (sampleNumber: int) n =
        let condition' = practice world condition
        let seed = Seed(uint64 world.Spec.Seed).Derive("sample").Derive(name = name)
        let states = HospitalModel.patients world.Model groups seed n
        let outcome, kinds = outcomes world condition' groups seed states
        let columns = values world seed states kinds

        let mask =
            HospitalOrdering.hide world.Model (ordering world condition groups) states kinds outcome seed

        let modalities =
            world.Model.Setting.Table
            |> Array.map (fun modality ->
                Modality.Tabular(modality.Name, modality.Columns |> Array.sumBy HospitalColumn.width))

        {
            States = states
            Kinds = kinds
            Outcome = outcome
            Cohort =
                Cohort(
                    modalities,
                    Array.init modalities.Length (fun m ->
                        block world (fun c i -> columns[c][i]) n m |> Array.map float32),
                    mask,
                    outcome |> Array.map (fun isPositive -> if isPositive then 1f else 0f),
                    states.Groups,
                    groups |> Array.map _.Name,
                    Array.init n (fun row -> int64 sampleNumber * 1_000_000_000L + int64 row)
                )
        }

    /// The oracle's probabilities for a cohort of some groups under a condition.
    let bayes world condition groups nodes cohort =
        HospitalOracle.probability
            world.Model
            world.Calibration
            (ordering world condition groups)
            (practice world condition)
            world.Spec.Confounding
            groups
            nodes
            cohort

    let private withoutSites (cohort: Cohort) =
        cohort.WithSites(Array.zeroCreate cohort.Count, [ "unknown" ])

    /// The tests' conditions: with nothing to undo there is nothing to reverse.
    let conditions setting =
        if setting.IsUnchanged then
            [ InDistribution; Interventional ]
        else
            [ InDistribution; Interventional; Reversed ]

    let private testGroups world condition =
        if condition = InDistribution then
            world.Model.Training
        else
            world.Model.New

    /// Training and validation sets, the test "id" in the same hospitals, and in new hospitals "do" (kinds independent of
    /// the outcome and missingness at random; as in training where nothing is to be undone) and "reversed" (opposite
    /// signs), with Bayes-optimal probabilities. A quarter as many rows as for training validate, from 300 to 1,500.
    /// Raises InputException for a missing rate that cannot be reached.
    let study setting (spec: DataSpec) =
        let world = create setting spec
        let rows = spec.TrainSize |> Option.defaultValue setting.Rows
        let source = if spec.Unbiased then Interventional else InDistribution

        let training name number rows =
            let cohort = (draw world source world.Model.Training name number rows).Cohort

            if setting.SitesAreKnown then
                cohort
            else
                withoutSites cohort

        {
            Train = training "train" 0 rows
            Validation = training "validation" 1 (max 300 (min WorldCohort.validationRows (rows / 4)))
            Tests =
                conditions setting
                |> List.mapi (fun i condition ->
                    let groups = testGroups world condition
                    let name = Condition.name condition

                    let cohort =
                        (draw world condition groups $"test/{name}" (2 + i) WorldCohort.testRows).Cohort

                    {
                        Condition = name
                        Cohort = cohort
                        BayesProbability =
                            Some(
                                lazy
                                    bayes world condition groups (HospitalOracle.defaultNodes setting) cohort
                            )
                        DoProbability = None
                    })
        }
