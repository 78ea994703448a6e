namespace CausalDebiasing.Bench.Measures

open System
open MathNet.Numerics
open MathNet.Numerics.LinearAlgebra

/// Coefficients of a logistic regression of outcomes, with their covariance over patients.
type LogisticFit = {
    Coefficients: Vector<float>
    /// The sandwich estimate: right also where the model is not, and where patients have several rows (Liang and Zeger, Biometrika
    /// 73, 1986).
    Covariance: Matrix<float>
}

module LogisticFit =
    let private mostSteps = 40
    let private tolerance = 1e-10

    /// A fitted logit that is further out than this is on its way to infinity.
    let private farthest = 30.

    /// A log likelihood this close to that of knowing every outcome is one, too.
    let private certain = 1e-6

    let private likelihood (outcomes: float[]) (logits: float[]) =
        let mutable sum = 0.

        for i in 0 .. logits.Length - 1 do
            let logit = logits[i]
            sum <- sum + outcomes[i] * logit - (max logit 0. + log (1. + exp (-abs logit)))

        sum

    let private logitsAt (columns: float[][]) (offset: float[]) (coefficients: Vector<float>) =
        Array.init offset.Length (fun i ->
            let mutable logit = offset[i]

            for k in 0 .. columns.Length - 1 do
                logit <- logit + coefficients[k] * columns[k][i]

            logit)

    let private information (columns: float[][]) (logits: float[]) =
        let width = columns.Length
        let sums = Array2D.zeroCreate width width

        for i in 0 .. logits.Length - 1 do
            let p = SpecialFunctions.Logistic logits[i]
            let weight = p * (1. - p)

            for a in 0 .. width - 1 do
                for b in a .. width - 1 do
                    sums[a, b] <- sums[a, b] + weight * columns[a][i] * columns[b][i]

        Matrix<float>.Build.Dense(width, width, (fun a b -> sums[min a b, max a b]))

    let private gradient (columns: float[][]) (outcomes: float[]) (logits: float[]) =
        let sums = Vector<float>.Build.Dense columns.Length

        for i in 0 .. logits.Length - 1 do
            let residual = outcomes[i] - SpecialFunctions.Logistic logits[i]

            for k in 0 .. columns.Length - 1 do
                sums[k] <- sums[k] + residual * columns[k][i]

        sums

    let private tryInverse (matrix: Matrix<float>) =
        let inverse = matrix.Inverse()

        if
            inverse.ForAll(fun value -> Double.IsFinite value)
            && matrix.ConditionNumber() < 1e12
        then
            Some inverse
        else
            None

    /// How a patient's rows pull at the coefficients.
    let private scores (columns: float[][]) (rows: JudgedRows) (logits: float[]) =
        let sums =
            Array.init rows.PatientCount (fun _ -> Array.zeroCreate<float> columns.Length)

        for i in 0 .. logits.Length - 1 do
            let residual = rows.Outcomes[i] - SpecialFunctions.Logistic logits[i]
            let own = sums[rows.Patients[i]]

            for k in 0 .. columns.Length - 1 do
                own[k] <- own[k] + residual * columns[k][i]

        sums

    let private sandwich columns rows logits (bread: Matrix<float>) =
        let scores = Matrix<float>.Build.DenseOfRowArrays(scores columns rows logits)
        let patients = float rows.PatientCount
        let meat = scores.TransposeThisAndMultiply scores * (patients / (patients - 1.))
        bread * meat * bread

    /// Maximum likelihood by Newton's method with step halving, of outcomes on columns (one entry for each row) and known parts of
    /// the logit. None where there is no maximum, as when the columns separate the outcomes, or no spread to fit.
    let tryFit (columns: float[][]) (offset: float[]) (rows: JudgedRows) : LogisticFit option =
        let rec descend step (coefficients: Vector<float>) (logits: float[]) value =
            match tryInverse (information columns logits) with
            | None -> None
            | Some inverse ->
                let move = inverse * gradient columns rows.Outcomes logits

                let rec halve halvings (move: Vector<float>) =
                    let next = coefficients + move
                    let at = logitsAt columns offset next
                    let gain = likelihood rows.Outcomes at - value

                    if gain >= 0. || halvings = 0 then
                        next, at, gain
                    else
                        halve (halvings - 1) (move / 2.)

                let next, at, gain = halve 30 move
                let largest = at |> Array.fold (fun most logit -> max most (abs logit)) 0.

                if not (gain >= 0.) then
                    Some(coefficients, logits)
                elif gain <= tolerance * (abs value + 1.) then
                    if largest > farthest || value + gain > -certain then
                        None
                    else
                        Some(next, at)
                elif step = mostSteps then
                    None
                else
                    descend (step + 1) next at (value + gain)

        let events = JudgedRows.events rows

        if events = 0 || events = rows.Outcomes.Length || rows.PatientCount < 2 then
            None
        else
            let start = Vector<float>.Build.Dense columns.Length
            let logits = logitsAt columns offset start

            descend 1 start logits (likelihood rows.Outcomes logits)
            |> Option.bind (fun (coefficients, logits) ->
                tryInverse (information columns logits)
                |> Option.map (fun bread -> {
                    Coefficients = coefficients
                    Covariance = sandwich columns rows logits bread
                }))

    /// A linear combination of the coefficients with its interval.
    let combination (weights: float[]) fit =
        let weights = Vector<float>.Build.DenseOfArray weights
        let variance = weights * fit.Covariance * weights
        Measured.ofError (weights * fit.Coefficients) (sqrt (max 0. variance))

    /// Logits of probabilities, those of 0 and 1 as of 1e-7 from there.
    let logits (probabilities: float[]) =
        probabilities
        |> Array.map (fun p -> SpecialFunctions.Logit(Math.Clamp(p, 1e-7, 1. - 1e-7)))
