namespace CausalDebiasing.Bench.Worlds

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Runtime
open MathNet.Numerics
open MathNet.Numerics.LinearAlgebra

/// What a hidden kind does to one column.
type Recording = {
    /// Added to z.
    Shift: float
    /// Added to the recorded value.
    Add: float
    /// What values are rounded to; 0: what the column's law says.
    Step: float
    /// P(1 is written | 0).
    Up: float
    /// P(0 is written | 1).
    Down: float
    /// What multiplies counts.
    Rate: float
}

/// What every hidden kind does to the columns of a Hospital world.
type HospitalCalibration = {
    /// Per kind and column; of a continuous practice at -1 and 1.
    Recordings: Recording[][]
    /// Columns that some kind does something to.
    IsCalibrated: bool[]
}

module HospitalCalibration =
    let private faithful = {
        Shift = 0.
        Add = 0.
        Step = 0.
        Up = 0.
        Down = 0.
        Rate = 1.
    }

    /// Covariance of z between columns given the outcome.
    let private covariance model (columns: int[]) =
        let rows = HospitalModel.populationRows
        let states = HospitalModel.population model model.Training rows

        let risk =
            Array.init
                rows
                (HospitalModel.outcomeLogit model model.Training states
                 >> SpecialFunctions.Logistic)

        let within (weights: float[]) =
            let total = Array.sum weights

            let effects =
                Matrix<float>
                    .Build
                    .Dense(rows, columns.Length, fun i c -> HospitalModel.effect model states columns[c] i)

            let weights = Vector<float>.Build.Dense weights
            let means = effects.TransposeThisAndMultiply weights / total
            let centred = effects.MapIndexed(fun _ c value -> value - means[c])
            centred.TransposeThisAndMultiply(Matrix<float>.Build.DiagonalOfDiagonalVector weights * centred)

        (within risk + within (risk |> Array.map (fun p -> 1. - p))) / float rows
        + Matrix<float>.Build.DenseIdentity columns.Length

    /// The directions as they are, times what gives their differences the distance (root mean square over pairs).
    let private scale distance model (columns: int[]) (directions: float[][]) =
        let covariance = (covariance model columns).Cholesky()

        let squares = [|
            for a in 0 .. directions.Length - 1 do
                for b in 0 .. a - 1 do
                    let difference =
                        Vector<float>.Build.Dense(Array.map2 (-) directions[a] directions[b])

                    difference * covariance.Solve difference
        |]

        let factor = distance / sqrt (Array.average squares)
        directions |> Array.map (Array.map ((*) factor))

    /// What is done to z of the columns by each of some kinds.
    let private shifts model (seed: Seed) name kinds columns =
        let count = Array.length columns

        let directions =
            if kinds = 2 then
                let signs = Draws.signs seed $"{name}/signs" count
                let sizes = Draws.uniforms seed $"{name}/sizes" count

                let half = Array.map2 (fun sign u -> sign * (0.35 + 0.3 * u)) signs sizes

                [| half |> Array.map (~-); half |]
            else
                Array.init kinds (fun k ->
                    Draws.uniforms seed $"{name}/{k}" count |> Array.map (fun u -> 2. * u - 1.))

        scale model.Setting.Separation model columns directions

    /// Standard deviation of the recorded values, about.
    let private size column =
        match column.Law with
        | Measured(_, spread, _, _, _) -> spread
        | Laboratory(median, spread) -> median * spread
        | _ -> 1.

    /// The same shifts in recorded units: laboratory values are only ever added to.
    let private shifted model (columns: int[]) (shifts: float[][]) =
        shifts
        |> Array.map (
            Array.mapi (fun i shift ->
                match model.Columns[columns[i]].Law with
                | Laboratory _ ->
                    let least = shifts |> Array.map (fun own -> own[i]) |> Array.min

                    {
                        faithful with
                            Add = (shift - least) * size model.Columns[columns[i]]
                    }
                | _ -> { faithful with Shift = shift })
        )

    /// Devices of two kinds: fine ones, and some with steps five times as large.
    let private rounded model (columns: int[]) =
        [| 0.3; 1.5 |]
        |> Array.map (fun step ->
            columns
            |> Array.map (fun c -> {
                faithful with
                    Step = step * size model.Columns[c]
            }))

    /// Codes of two kinds of ward: as they should be, and with half of the columns written too often, half too seldom.
    let private recoded model (seed: Seed) (columns: int[]) =
        let signs = Draws.signs seed "codes" columns.Length

        let second sign column =
            match column.Law with
            | Flag _ when sign > 0. -> { faithful with Up = 0.35; Down = 0.02 }
            | Flag _ -> { faithful with Up = 0.02; Down = 0.55 }
            | Count _ -> {
                faithful with
                    Rate = if sign > 0. then 1.5 else 1. / 1.5
              }
            | _ -> { faithful with Shift = 0.7 * sign }

        let first column =
            match column.Law with
            | Flag _ -> { faithful with Up = 0.02; Down = 0.02 }
            | _ -> faithful

        [|
            columns |> Array.map (fun c -> first model.Columns[c])
            Array.map2 (fun sign c -> second sign model.Columns[c]) signs columns
        |]

    /// The columns that bear the imprint: of those beside the first modality so many numeric ones, or all codes.
    let private chosen model (seed: Seed) =
        let codes = model.Setting.Calibration = ByCodes

        let own = [|
            for c in 0 .. model.Columns.Length - 1 do
                if model.ModalityOf[c] > 0 && HospitalColumn.isNumeric model.Columns[c] <> codes then
                    c
        |]

        let count =
            if codes then
                own.Length
            else
                max 1 (int (round (model.Setting.CalibratedShare * float own.Length)))

        Array.zip (Draws.uniforms seed "columns" own.Length) own
        |> Array.sortBy fst
        |> Array.truncate count
        |> Array.map snd

    /// Every kind's recordings of the chosen columns.
    let private calibrated model (seed: Seed) columns =
        let setting = model.Setting

        let plainly = Array.map (Array.map (fun shift -> { faithful with Shift = shift }))

        match setting.Hidden, setting.Calibration with
        | Nothing, _ -> [| columns |> Array.map (fun _ -> faithful) |]
        | _, ByCodes -> recoded model seed columns
        | _, ByRounding -> rounded model columns
        | Wards kinds, ByShift -> shifts model seed "shift" kinds columns |> shifted model columns
        | Wards kinds, ByFactor -> shifts model seed "shift" kinds columns |> plainly
        | TwoPractices, _ ->
            let half = columns.Length / 2
            let first = shifts model seed "first" 2 columns[.. half - 1]
            let second = shifts model seed "second" 2 columns[half..]

            Array.init 4 (fun level -> Array.append first[level % 2] second[level / 2])
            |> plainly
        | (Continuous | Subtype), _ -> shifts model seed "shift" 2 columns |> plainly

    /// Draws what the kinds do.
    let create model (seed: Seed) =
        let seed = (seed.Derive "world").Derive "practice"

        let columns =
            if model.Setting.Hidden = Nothing then
                [||]
            else
                chosen model seed

        let spread (own: Recording[]) =
            let all = model.Columns |> Array.map (fun _ -> faithful)
            Array.iter2 (fun c recording -> all[c] <- recording) columns own
            all

        {
            Recordings = calibrated model seed columns |> Array.map spread
            IsCalibrated = Array.init model.Columns.Length (fun c -> Array.contains c columns)
        }

    /// What a kind does to a column.
    let recording model calibration level column =
        match model.Setting.Hidden with
        | Continuous ->
            let one = calibration.Recordings[1][column]
            { one with Shift = one.Shift * level }
        | _ -> calibration.Recordings[int level][column]
