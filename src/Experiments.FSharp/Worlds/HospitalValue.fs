namespace CausalDebiasing.Bench.Worlds

open System
open MathNet.Numerics
open MathNet.Numerics.Distributions
open CausalDebiasing.Bench.Conditions

/// The random numbers behind one recorded value.
[<Struct>]
type ValueNoise = {
    Normal: float
    Uniform: float
    /// Decides about errors of recording.
    Error: float
}

/// Probability of a recorded value as a function of the patient.
type ValueLikelihood =
    /// Density at z of the normal, or of the mixture with gross errors, around what the state makes of it, times a factor.
    | Density of z: float * factor: float
    /// Probability given what the state makes of it.
    | Mass of (float -> float)
    /// Certain for patients of a group, impossible for others.
    | OfGroup of int

/// How values of a Hospital world are recorded, and how likely they are.
module HospitalValue =
    /// How much larger the normal of a gross error is.
    let grossScale = 5.

    /// P(error > x), the error being a standard normal, or 5 times as large for a share `gross`.
    let private above gross x =
        let tail x = Normal.CDF(0., 1., -x)

        if gross = 0. then
            tail x
        else
            (1. - gross) * tail x + gross * tail (x / grossScale)

    let private between gross low high =
        if low > 0. then
            above gross low - above gross high
        else
            above gross -high - above gross -low

    let private stepOf recording own =
        if recording.Step > 0. then recording.Step else own

    let private levelOf (limits: float[]) z =
        limits |> Array.filter (fun limit -> limit < z) |> Array.length |> float

    let private poisson mean u =
        let mutable k = 0
        let mutable p = exp -mean
        let mutable rest = u - p

        while rest >= 0. && k < 1000 do
            k <- k + 1
            p <- p * mean / float k
            rest <- rest - p

        float k

    /// The code that is recorded for a patient of a group, given the part of the state, what the kind does and the share
    /// of gross errors.
    let draw column recording gross group state noise =
        let error =
            if noise.Error < gross then
                grossScale * noise.Normal
            else
                noise.Normal

        match column.Law with
        | Measured(location, spread, step, lowest, highest) ->
            let step = stepOf recording step
            let x = location + spread * (state + error + recording.Shift) + recording.Add
            max lowest (min highest (step * floor (x / step + 0.5)))
        | Laboratory(median, spread) ->
            let x = median * exp (spread * (state + error + recording.Shift)) + recording.Add

            if recording.Step > 0. then
                recording.Step * floor (x / recording.Step + 0.5)
            else
                x
        | Flag share ->
            let isTrue =
                noise.Uniform < SpecialFunctions.Logistic(SpecialFunctions.Logit share + state)

            let isSwapped = noise.Error < (if isTrue then recording.Down else recording.Up)
            if isTrue <> isSwapped then 1. else 0.
        | Count mean -> poisson (mean * recording.Rate * exp state) noise.Uniform
        | Level limits
        | OneHot limits -> levelOf limits (state + noise.Normal + recording.Shift)
        | Group _ -> float group

    let private impossible = Mass(fun _ -> 0.)

    /// Probability of the values that are rounded to `value`, or cut to it at an end of the scale.
    let private rounded gross (value: float) step lowest highest shift toZ =
        let place = value / step
        let tolerance = 1e-3

        let low, high =
            if value <= lowest + tolerance * step then
                -infinity, step * (floor (lowest / step + tolerance) + 0.5)
            elif value >= highest - tolerance * step then
                step * (ceil (highest / step - tolerance) - 0.5), infinity
            else
                step * (round place - 0.5), step * (round place + 0.5)

        if
            Double.IsFinite low
            && Double.IsFinite high
            && abs (place - round place) > tolerance
        then
            impossible
        else
            let low, high = toZ low - shift, toZ high - shift
            Mass(fun state -> between gross (low - state) (high - state))

    /// How likely a recorded code is, given what the kind does and the share of gross errors.
    let likelihood column recording gross (code: float) =
        match column.Law with
        | Measured(location, spread, step, lowest, highest) ->
            rounded gross code (stepOf recording step) lowest highest recording.Shift (fun x ->
                (x - recording.Add - location) / spread)
        | Laboratory(median, spread) ->
            let toZ x =
                if x <= recording.Add then
                    -infinity
                else
                    log ((x - recording.Add) / median) / spread

            if recording.Step > 0. then
                rounded gross code recording.Step -infinity infinity recording.Shift toZ
            elif code <= recording.Add then
                impossible
            else
                Density(toZ code - recording.Shift, 1. / (spread * (code - recording.Add)))
        | Flag share ->
            Mass(fun state ->
                let p = SpecialFunctions.Logistic(SpecialFunctions.Logit share + state)
                let one = p * (1. - recording.Down) + (1. - p) * recording.Up
                if code > 0.5 then one else 1. - one)
        | Count mean ->
            let factorial = SpecialFunctions.FactorialLn(int code)

            Mass(fun state ->
                let logMean = log (mean * recording.Rate) + state
                exp (code * logMean - exp logMean - factorial))
        | Level limits
        | OneHot limits ->
            let k = int code
            let low = if k = 0 then -infinity else limits[k - 1] - recording.Shift

            let high =
                if k = limits.Length then
                    infinity
                else
                    limits[k] - recording.Shift

            Mass(fun state -> between 0. (low - state) (high - state))
        | Group _ -> OfGroup(int code)
