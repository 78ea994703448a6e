namespace CausalDebiasing.Bench.Audit

open System
open System.Globalization
open CausalDebiasing
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Cohorts
open CausalDebiasing.Predictors
open CausalDebiasing.Runtime

/// Kinds of patients that no column records, as the add-on's search for hidden practice found them.
type Candidate = {
    Number: int
    /// 1: none were found.
    Kinds: int
    /// Held-out gain of the kinds over its standard error; 3 is asked for.
    Z: float
    /// The same over mere correlation; 2 is asked for.
    ZOverStates: float
    /// Modalities that show the kinds; 2 are asked for.
    ShowsIn: int
    /// AUROC with which one recorded column tells the kinds.
    Recorded: float
    /// That sites do not differ in how the kinds go with the outcome; 1 where they cannot be compared.
    SitesP: float
    /// Why it is left in; None where it is taken for practice.
    Doubt: string option
}

type HiddenConfounder = {
    Candidates: Candidate list
    /// How many are taken for practice.
    Taken: int
    /// What the fit warned of.
    Warnings: string list
}

module HiddenConfounder =
    /// Separation within a modality that counts as an imprint, as the search has it.
    let private imprint = 0.5

    let private number (found: Map<string, string>) name =
        match Map.tryFind name found with
        | Some text -> Double.Parse(text, CultureInfo.InvariantCulture)
        | None -> nan

    /// Candidates out of `DebiasedPredictor.Diagnostics`.
    let candidates (found: Map<string, string>) =
        Seq.initInfinite (fun i -> i + 1)
        |> Seq.takeWhile (fun round -> found.ContainsKey $"practice.{round}.kinds")
        |> Seq.map (fun round ->
            let own name = $"practice.{round}.{name}"

            {
                Number = round
                Kinds = int (number found (own "kinds"))
                Z = number found (own "z")
                ZOverStates = number found (own "z.states")
                ShowsIn =
                    match Map.tryFind (own "separations") found with
                    | None -> 0
                    | Some text ->
                        text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                        |> Array.filter (fun part ->
                            Double.Parse(part, CultureInfo.InvariantCulture) >= imprint)
                        |> Array.length
                Recorded = number found (own "recorded")
                SitesP = number found (own "p")
                Doubt = Map.tryFind (own "doubt") found
            })
        |> List.ofSeq

    let private validationShare = 0.2

    /// Of a recommended fit on all rows.
    let find (data: AuditData) (seed: Seed) =
        let split =
            PatientSplit.Random(data.Cohort, validationShare, 0., seed.Derive "audit")

        let numbered = TrainingVocabulary.fit split.Train

        use fitted =
            CausalDebias.Wrap(QuickBaselines.create QuickBaselines.logistic, DebiasOptions.Recommended)

        fitted.Fit(numbered split.Train, numbered split.Validation, FitContext(Seed = seed))

        let found =
            fitted.Diagnostics |> Seq.map (fun pair -> pair.Key, pair.Value) |> Map.ofSeq

        {
            Candidates = candidates found
            Taken =
                match Map.tryFind "practice.count" found with
                | Some count -> int count
                | None -> 0
            Warnings = fitted.Warnings |> Seq.map string |> List.ofSeq
        }
