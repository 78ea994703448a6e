namespace CausalDebiasing.Bench.Worlds

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Cohorts

/// Sizes and names that all synthetic worlds share.
module WorldCohort =
    /// Rows to train on when the condition does not say.
    let trainRows = 6000

    let validationRows = 1500

    let testRows = 6000

    /// The asked missing rate, or the usual one.
    let missingRate (spec: DataSpec) =
        spec.MissingRate |> Option.defaultValue UsualCondition.missingRate

    let siteNames = [| "site-1"; "site-2"; "site-3"; "site-4" |]

    /// Rows take turns over the sites.
    let site row = row % siteNames.Length

    /// A cohort; patients are numbered within the sample's own range.
    let ofModalities modalities (sample: int) (values: float[][]) (mask: bool[]) (outcome: float[]) =
        let n = outcome.Length

        Cohort(
            modalities,
            values |> Array.map (Array.map float32),
            mask,
            outcome |> Array.map (fun sign -> if sign > 0. then 1f else 0f),
            Array.init n site,
            siteNames,
            Array.init n (fun row -> int64 sample * 1_000_000_000L + int64 row)
        )

    /// The same with tabular modalities "modality-1", ...
    let create sample (values: float[][]) mask (outcome: float[]) =
        let tabular =
            values
            |> Array.mapi (fun m block ->
                Modality.Tabular($"modality-{m + 1}", block.Length / max outcome.Length 1))

        ofModalities tabular sample values mask outcome

    /// Training, validation and test sets out of `draw condition sample rows`, the sample numbers being apart.
    /// The test sets do not depend on whether the training data are unbiased.
    let study (spec: DataSpec) draw (test: Condition -> Cohort -> TestSet) =
        let source = if spec.Unbiased then Interventional else InDistribution

        {
            Train = draw source "train" 0 (spec.TrainSize |> Option.defaultValue trainRows)
            Validation = draw source "validation" 1 validationRows
            Tests =
                [ InDistribution; Interventional; Reversed ]
                |> List.mapi (fun i condition ->
                    draw condition $"test/{Condition.name condition}" (2 + i) testRows
                    |> test condition)
        }
