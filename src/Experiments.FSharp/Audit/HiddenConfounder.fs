namespace CausalDebiasing.Bench.Audit

open CausalDebiasing
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Cohorts
open CausalDebiasing.Debiasing
open CausalDebiasing.Predictors
open CausalDebiasing.Runtime

type HiddenConfounder = {
    /// Kinds of patients that no column records, as the add-on's search for hidden practice found them.
    Candidates: PracticeFinding list
    /// How many are taken for practice.
    Taken: int
    /// What the fit warned of.
    Warnings: string list
}

module HiddenConfounder =
    let private validationShare = 0.2

    /// Of a recommended fit on all rows.
    let find (data: AuditData) (seed: Seed) =
        let split =
            PatientSplit.Random(data.Cohort, validationShare, 0., seed.Derive "audit")

        let numbered = TrainingVocabulary.fit split.Train

        use fitted =
            CausalDebias.Wrap(QuickBaselines.create QuickBaselines.logistic, DebiasOptions.Recommended)

        fitted.Fit(numbered split.Train, numbered split.Validation, FitContext(Seed = seed))

        {
            Candidates = List.ofSeq fitted.Practices
            Taken = fitted.Practices |> Seq.filter _.IsTakenOut |> Seq.length
            Warnings = fitted.Warnings |> Seq.map string |> List.ofSeq
        }
