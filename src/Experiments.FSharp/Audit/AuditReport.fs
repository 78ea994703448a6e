namespace CausalDebiasing.Bench.Audit

open System
open System.Diagnostics
open CausalDebiasing.Bench.Measures
open CausalDebiasing.Runtime

/// All that an audit found; no value of a patient, and no group of fewer than ten.
type AuditReport = {
    Name: string
    Rows: int
    Patients: int
    Modalities: int
    /// The modalities of x.
    Always: string list
    IsAlwaysSeen: bool
    SitesLeftAside: int
    Findings: Findings
    Advice: Advice
}

module AuditReport =
    let private draws = 300

    /// Tells how far a stage is, at once and then at most every few seconds.
    let private ticker (say: string -> unit) stage what =
        let clock = Stopwatch.StartNew()
        let mutable last = TimeSpan.Zero
        say $"{stage}/5 {what}"

        fun finished total ->
            if clock.Elapsed - last >= TimeSpan.FromSeconds 5. then
                last <- clock.Elapsed
                say $"{stage}/5 {what}: {finished} of {total}"

    /// Answers the questions in turn; `say` takes lines on how far it is. Raises InputException for data of which nothing can
    /// be told.
    let make (say: string -> unit) (number: int) (data: AuditData) =
        let seed = Seed(uint64 number)
        let cohort = data.Cohort
        let started = ticker say

        let measuring = started 1 "who is measured"
        let values = RecordedValues.ofCohort cohort
        let folds = Severity.foldsOf cohort seed

        let measured =
            WhoIsMeasured.find values folds (Severity.ofValues values folds) measuring

        started 2 "what the mask tells" |> ignore

        let mask =
            MaskAlone.find
                values
                folds
                (PatientBootstrap.ofRows draws (seed.Derive "mask") (cohort.Patients.ToArray()))

        started 3 "hidden confounders" |> ignore
        let confounder = HiddenConfounder.find data seed

        let losses =
            SiteLoss.find data values seed (started 4 "what a plain model loses at a left-out site")

        let wrapping = Wrapping.find data number (started 5 "what wrapping gains or costs")

        let findings = {
            Events = AuditData.events cohort |> Array.filter id |> Array.length
            HasSites = AuditData.hasSites data
            Sites = data.Sites.Length
            Measured = measured
            Mask = mask
            Confounder = confounder
            Losses = losses
            Wrapping = wrapping
        }

        {
            Name = data.Name
            Rows = cohort.Count
            Patients = cohort.Patients.ToArray() |> Array.distinct |> Array.length
            Modalities = cohort.Modalities.Count
            Always = values.Always |> List.map (fun m -> cohort.Modalities[m].Name)
            IsAlwaysSeen = values.IsAlwaysSeen
            SitesLeftAside = data.SitesLeftAside
            Findings = findings
            Advice = Advice.give findings
        }
