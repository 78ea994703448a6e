namespace CausalDebiasing.Bench.Audit

open System
open CausalDebiasing.Numerics

/// What a logistic regression reads: rows of numbers, the last being 1.
type Design = {
    Rows: int
    Width: int
    /// Row-major.
    Values: float[]
    /// Prior precision of every coefficient.
    Precision: float[]
}

/// A logistic regression with a normal prior, fitted on a design.
type LogitFit = {
    /// K.
    Coefficients: float[]
    /// Of the rows it was fitted on.
    Logits: float[]
    /// Log likelihood and log prior, up to a constant of the prior.
    LogDensity: float
    /// [K * K], row-major: the inverse of the posterior's curvature.
    Covariance: float[]
}

module Design =
    /// Keeps the coefficients of what is tested finite, and is nothing beside a hundred rows.
    let free = 0.01

    /// Of values in units of their standard deviation, of which there may be many.
    let shrunk = 1.

    let private intercept = 1e-6

    /// Blocks of columns side by side, each with its prior precision, and the intercept.
    let ofBlocks rows (blocks: (float * float[][]) list) =
        let columns =
            blocks |> List.collect (fun (_, block) -> List.ofArray block) |> Array.ofList

        let width = columns.Length + 1
        let values = Array.create (rows * width) 1.

        columns
        |> Array.iteri (fun c column ->
            for row in 0 .. rows - 1 do
                values[row * width + c] <- column[row])

        {
            Rows = rows
            Width = width
            Values = values
            Precision = [|
                for precision, block in blocks do
                    yield! Array.replicate block.Length precision
                intercept
            |]
        }

    /// Some of the rows.
    let select (rows: int[]) design = {
        design with
            Rows = rows.Length
            Values =
                rows
                |> Array.collect (fun row ->
                    design.Values[row * design.Width .. (row + 1) * design.Width - 1])
    }

    /// Of outcomes, or of shares in [0, 1], whose mean the logistic curve then is.
    let fit design outcome =
        let found = RidgeLogisticFit.Of(design.Values, outcome, design.Precision)

        {
            Coefficients = Array.ofSeq found.Coefficients
            Logits = Array.ofSeq found.Logits
            LogDensity = found.LogDensity
            Covariance = Array.ofSeq found.Covariance
        }

    /// Every row times the coefficients.
    let times (coefficients: float[]) design =
        Array.init design.Rows (fun row ->
            let own = ReadOnlySpan(design.Values, row * design.Width, design.Width)
            let mutable sum = 0.

            for c in 0 .. own.Length - 1 do
                sum <- sum + own[c] * coefficients[c]

            sum)

    /// The rows' sum, each times its number.
    let weigh (numbers: float[]) design =
        let sum = Array.zeroCreate<float> design.Width

        for row in 0 .. design.Rows - 1 do
            let own = ReadOnlySpan(design.Values, row * design.Width, design.Width)
            let number = numbers[row]

            if number <> 0. then
                for c in 0 .. own.Length - 1 do
                    sum[c] <- sum[c] + own[c] * number

        sum

    /// Logits of every row from a regression on the rows of other folds.
    let crossFit (folds: int[]) (outcome: float[]) design =
        let logits = Array.zeroCreate<float> design.Rows

        for fold in Array.distinct folds do
            let tested, others =
                [| 0 .. design.Rows - 1 |] |> Array.partition (fun row -> folds[row] = fold)

            let found =
                fit (select others design) (others |> Array.map (fun row -> outcome[row]))

            select tested design
            |> times found.Coefficients
            |> Array.iteri (fun i logit -> logits[tested[i]] <- logit)

        logits
