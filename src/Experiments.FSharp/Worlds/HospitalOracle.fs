namespace CausalDebiasing.Bench.Worlds

open System
open System.Collections.Generic
open System.Numerics
open MathNet.Numerics
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Cohorts

/// The Bayes-optimal probability of the outcome in a Hospital world.
module HospitalOracle =
    /// States that are integrated over: fewer where there are many kinds to sum over.
    let defaultNodes setting =
        if setting.Hidden = Continuous then 2048 else 8192

    let private lowest = -1e4f

    let private add (sum: float32[]) (terms: float32[]) =
        let step = Vector<float32>.Count
        let mutable i = 0

        while i <= sum.Length - step do
            (Vector<float32>(sum, i) + Vector<float32>(terms, i)).CopyTo(sum, i)
            i <- i + step

        while i < sum.Length do
            sum[i] <- sum[i] + terms[i]
            i <- i + 1

    /// Adds -(z - state)^2 / 2.
    let private addNormal (sum: float32[]) (z: float32) (state: float32[]) =
        let step = Vector<float32>.Count
        let zs, half = Vector<float32> z, Vector<float32> -0.5f
        let mutable i = 0

        while i <= sum.Length - step do
            let d = zs - Vector<float32>(state, i)
            (Vector<float32>(sum, i) + half * d * d).CopyTo(sum, i)
            i <- i + step

        while i < sum.Length do
            let d = z - state[i]
            sum[i] <- sum[i] - 0.5f * d * d
            i <- i + 1

    let private addConstant (sum: float32[]) (term: float32) =
        for i in 0 .. sum.Length - 1 do
            sum[i] <- sum[i] + term

    /// Logarithm of the density of an error with gross ones among them, up to a constant, as a function of its size:
    /// interpolated between hundredths.
    let private grossDensity gross =
        let wide = HospitalValue.grossScale

        let table =
            Array.init 6002 (fun k ->
                let d = float k / 100.

                log (
                    (1. - gross) * exp (-d * d / 2.)
                    + gross / wide * exp (-d * d / (2. * wide * wide))
                )
                |> float32)

        fun (sum: float32[]) (z: float32) (state: float32[]) ->
            for i in 0 .. sum.Length - 1 do
                let place = min 6000f (100f * abs (z - state[i]))
                let k = int place
                sum[i] <- sum[i] + table[k] + (place - float32 k) * (table[k + 1] - table[k])

    /// What the oracle knows of every column before it sees a row.
    type private Bank = {
        States: HospitalStates
        /// Per column, the part of the state.
        Effects: float32[][]
        /// P(kind, y) for y = 0 and y = 1: per kind, one per node.
        Joint: float32[][][]
    }

    let private bank model condition kappa groups nodes =
        let states = HospitalModel.population model groups nodes
        let joint = HospitalPractice.joint model condition kappa groups states
        let laws = Array.init nodes joint

        let pick outcome k i =
            let struct (negative, positive) = laws[i][k]
            float32 (if outcome = 1 then positive else negative)

        {
            States = states
            Effects =
                Array.init model.Columns.Length (fun c ->
                    Array.init nodes (HospitalModel.effect model states c >> float32))
            Joint =
                Array.init 2 (fun outcome ->
                    Array.init laws[0].Length (fun k -> Array.init nodes (pick outcome k)))
        }

    /// Adds the logarithm of the likelihood of a code to a sum over the nodes. What has few values is remembered.
    let private evidence model calibration bank =
        let gross = model.Setting.GrossErrors
        let addGross = grossDensity gross
        let known = Dictionary<struct (int * int * float), float32[]>()
        let levels = HospitalPractice.levels model.Setting

        let logarithms column likelihood =
            bank.Effects[column]
            |> Array.mapi (fun i state ->
                let p =
                    match likelihood with
                    | Mass probability -> probability (float state)
                    | OfGroup group when bank.States.Groups[i] = group -> 1.
                    | OfGroup _
                    | Density _ -> 0.

                if p > 0. then max lowest (float32 (log p)) else lowest)

        fun column kind (code: float) (sum: float32[]) ->
            let key = struct (column, kind, code)

            match known.TryGetValue key with
            | true, terms -> add sum terms
            | _ ->
                let recording = HospitalCalibration.recording model calibration levels[kind] column

                match HospitalValue.likelihood model.Columns[column] recording gross code with
                | Density(z, factor) ->
                    if gross > 0. then
                        addGross sum (float32 z) bank.Effects[column]
                    else
                        addNormal sum (float32 z) bank.Effects[column]

                    addConstant sum (float32 (log factor))
                | likelihood ->
                    let terms = logarithms column likelihood
                    known[key] <- terms
                    add sum terms

    /// P(pattern | state, kind, y), one per node.
    let private patternProbability ordering states modalities place isPositive pattern =
        let others = (1 <<< modalities) - 2

        Array.init states.Groups.Length (fun i ->
            let mutable p = 1.

            for m in 0 .. modalities - 1 do
                let isSeen = pattern >>> m &&& 1 = 1

                if m > 0 || pattern &&& others <> 0 then
                    let logit = HospitalOrdering.logit ordering states m place isPositive i
                    p <- p * SpecialFunctions.Logistic(if isSeen then -logit else logit)

            float32 p)

    /// For y = 0 and y = 1 and each kind: P(kind, y, pattern | state), one per node.
    let private weights model ordering bank pattern =
        let setting = model.Setting

        let places =
            HospitalPractice.levels setting |> Array.map (HospitalPractice.place setting)

        bank.Joint
        |> Array.mapi (fun outcome ofKinds ->
            let seen place =
                patternProbability ordering bank.States setting.Table.Length place (outcome = 1) pattern

            let same = lazy seen 0.

            ofKinds
            |> Array.mapi (fun k joint ->
                let seen = if setting.Protocol = 0. then same.Value else seen places[k]
                Array.map2 (*) joint seen))

    /// The columns of a modality with where their numbers start in its row.
    let private places model m =
        let mutable first = 0

        [|
            for c in 0 .. model.Columns.Length - 1 do
                if model.ModalityOf[c] = m then
                    struct (c, first)
                    first <- first + HospitalColumn.width model.Columns[c]
        |]

    /// P(y = 1 | x_obs, o) for each row of a cohort of these groups' patients under a condition: states are integrated over
    /// by weights on `nodes` evenly spread draws, kinds by enumeration, values being independent given both. The group is
    /// not used, but where the table shows it.
    let probability model calibration ordering condition kappa groups nodes (cohort: Cohort) =
        let bank = bank model condition kappa groups nodes
        let addEvidence = evidence model calibration bank
        let places = Array.init cohort.Modalities.Count (places model)
        let kinds = (HospitalPractice.levels model.Setting).Length
        let shared = Array.zeroCreate<float32> nodes
        let sums = Array.init kinds (fun _ -> Array.zeroCreate<float32> nodes)
        let result = Array.zeroCreate<float> cohort.Count

        let inRow row wanted kind (sum: float32[]) =
            for m in 0 .. places.Length - 1 do
                if cohort.IsObserved(row, m) then
                    for struct (c, first) in places[m] do
                        if calibration.IsCalibrated[c] = wanted then
                            let code = HospitalColumn.decode model.Columns[c] (cohort.Row(m, row)) first
                            addEvidence c kind code sum

        let mixed (weights: float32[][][]) row =
            Array.Clear shared
            inRow row false 0 shared
            let mutable top = -infinityf

            for kind in 0 .. kinds - 1 do
                Array.blit shared 0 sums[kind] 0 nodes
                inRow row true kind sums[kind]
                top <- max top (Array.max sums[kind])

            let mutable negative = 0.
            let mutable positive = 0.

            for kind in 0 .. kinds - 1 do
                let sum, no, yes = sums[kind], weights[0][kind], weights[1][kind]

                for i in 0 .. nodes - 1 do
                    let excess = sum[i] - top

                    if excess > -25f then
                        let likelihood = float (MathF.Exp excess)
                        negative <- negative + likelihood * float no[i]
                        positive <- positive + likelihood * float yes[i]

            positive / (positive + negative)

        for pattern, rows in Array.init cohort.Count id |> Array.groupBy cohort.Pattern do
            let weights = weights model ordering bank pattern

            for row in rows do
                result[row] <- mixed weights row

        result
