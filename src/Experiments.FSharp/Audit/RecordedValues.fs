namespace CausalDebiasing.Bench.Audit

open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Cohorts
open CausalDebiasing.Debiasing
open CausalDebiasing.Runtime
open MathNet.Numerics.LinearAlgebra
open MathNet.Numerics.Statistics

/// What is known of every patient in numbers, with the mean for what is missing.
type RecordedValues = {
    Cohort: Cohort
    /// D columns of n standardised numbers; of a series the mean over its steps; no codes.
    Columns: float[][]
    /// The modality of every column.
    ModalityOf: int[]
    /// The modalities that (nearly) every patient has: x.
    Always: int list
    /// Whether x is what nearly all have; else it is the modality that most have, and its gaps hold the mean.
    IsAlwaysSeen: bool
}

module RecordedValues =
    /// Share of the rows of every site that must have a modality for it to count as always observed.
    let nearlyAll = 0.95

    let private seenShare (cohort: Cohort) m (rows: int[]) =
        rows
        |> Array.averageBy (fun row -> if cohort.IsObserved(row, m) then 1. else 0.)

    /// The least share over sites of a size.
    let private leastShare (cohort: Cohort) m =
        AuditData.rows cohort
        |> Array.groupBy (fun row -> cohort.Sites[row])
        |> Array.filter (fun (_, rows) -> rows.Length >= AuditData.smallestGroup)
        |> Array.map (snd >> seenShare cohort m)
        |> Array.append [| seenShare cohort m (AuditData.rows cohort) |]
        |> Array.min

    let private isConstant (column: float[]) =
        column |> Array.forall (fun value -> value = column[0])

    let ofCohort (cohort: Cohort) =
        let summary = ValueSummary.Fit cohort
        let values = summary.Of cohort

        let columns, modalityOf =
            Array.init summary.Width (fun c ->
                Array.init cohort.Count (fun row -> float values[row * summary.Width + c]),
                summary.Modalities[c])
            |> Array.filter (fst >> isConstant >> not)
            |> Array.unzip

        let shares =
            modalityOf
            |> Array.distinct
            |> Array.map (fun m -> m, leastShare cohort m)
            |> List.ofArray

        let always =
            shares |> List.filter (fun (_, share) -> share >= nearlyAll) |> List.map fst

        {
            Cohort = cohort
            Columns = columns
            ModalityOf = modalityOf
            Always =
                match always, shares with
                | [], [] -> []
                | [], _ -> [ fst (List.maxBy snd shares) ]
                | always, _ -> always
            IsAlwaysSeen = not always.IsEmpty
        }

    /// Columns of some modalities.
    let columnsOf (values: RecordedValues) (modalities: int -> bool) =
        Array.zip values.ModalityOf values.Columns
        |> Array.filter (fst >> modalities)
        |> Array.map snd

    /// Those of x.
    let alwaysColumns (values: RecordedValues) =
        columnsOf values (fun m -> List.contains m values.Always)

    /// Of some rows.
    let select (rows: int[]) (columns: float[][]) =
        columns |> Array.map (fun column -> rows |> Array.map (fun row -> column[row]))

    /// Whether each row has the modality, 1 or 0.
    let presence (cohort: Cohort) m =
        Array.init cohort.Count (fun row -> if cohort.IsObserved(row, m) then 1. else 0.)

    /// Modalities that enough patients have and enough have not, with that of every row.
    let varying (cohort: Cohort) = [|
        for m in 0 .. cohort.Modalities.Count - 1 do
            let seen = presence cohort m
            let count = int (Array.sum seen)

            if min count (cohort.Count - count) >= AuditData.smallestGroup then
                m, seen
    |]

    /// To standard deviation 1 and mean 0; as it is where it does not vary.
    let standardise (column: float[]) =
        let struct (mean, sd) = ArrayStatistics.MeanStandardDeviation column

        if sd > 0. then
            column |> Array.map (fun value -> (value - mean) / sd)
        else
            column

    /// The leading principal components, standardised.
    let components count (columns: float[][]) =
        let rows = Matrix<float>.Build.DenseOfColumnArrays columns

        let vectors =
            rows.TransposeThisAndMultiply(rows).Evd(Symmetricity.Symmetric).EigenVectors

        Array.init (min count columns.Length) (fun i ->
            (rows * vectors.Column(columns.Length - 1 - i)).ToArray() |> standardise)

/// How ill patients are, as far as what all of them have tells.
module Severity =
    let private folds = 5

    /// Folds by patient, fewer where events are few.
    let foldsOf (cohort: Cohort) (seed: Seed) =
        PatientFolds.Assign(cohort, folds, seed.Derive "audit folds")

    /// The linear predictor of a logistic regression of the outcome on x, of patients of other folds, standardised; None
    /// where x is nothing.
    let ofValues (values: RecordedValues) folds =
        let columns = RecordedValues.alwaysColumns values

        if columns.Length = 0 then
            None
        else
            let outcome = values.Cohort.Labels.ToArray() |> Array.map float

            Design.ofBlocks values.Cohort.Count [ Design.shrunk, columns ]
            |> Design.crossFit folds outcome
            |> RecordedValues.standardise
            |> Some
