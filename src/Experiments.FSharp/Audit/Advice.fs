namespace CausalDebiasing.Bench.Audit

open System
open CausalDebiasing.Bench.Evidence
open CausalDebiasing.Bench.Reporting

/// What to train.
type Choice =
    | Plain
    /// Plain and Recommended are as good, as far as can be told.
    | Either
    | Recommended
    | Interventional

/// How sure the advice is.
type Certainty =
    | Clear
    | Moderate
    | Thin

type Advice = {
    Choice: Choice
    Certainty: Certainty
    /// Sentences.
    Reasons: string list
    /// What data would settle it; sentences.
    Settle: string list
}

/// What the answers to the questions of an audit are together.
type Findings = {
    Events: int
    HasSites: bool
    Sites: int
    Measured: Dependence list
    Mask: MaskAlone option
    Confounder: HiddenConfounder
    Losses: SiteLoss list
    Wrapping: Wrapping
}

module Advice =
    /// Loss of AUROC that is no harm.
    let private margin = ClaimCatalog.harmMargin

    /// Adjusted p-value below which a dependence counts.
    let level = 0.01

    /// Odds ratios nearer to 1 are weak.
    let weak = 1.25

    /// Odds ratios from here are strong.
    let strong = 2.

    /// Fewer replicates have an interval that says little.
    let private fewReplicates = 3

    let private fold (ratio: float) = exp (abs (log ratio))

    /// Whether who has a modality depends on the outcome beyond the recorded values, more than weakly.
    let isLinked (dependence: Dependence) =
        dependence.OutcomeP < level && fold dependence.Outcome.Mean >= weak

    /// Whether the mask tells of the outcome what the values do not.
    let isInformative findings =
        List.exists isLinked findings.Measured
        && findings.Mask |> Option.exists (fun mask -> mask.Gain.Low > 0.)

    let private gain variant findings =
        (Wrapping.overall variant findings.Wrapping).Auroc

    let private where findings =
        if findings.Wrapping.IsBySite then
            "at sites that were not trained on"
        else
            "in folds of the same patients' population"

    let private isThin findings =
        findings.Events < AuditData.fewEvents
        || findings.Wrapping.Replicates < fewReplicates

    let private recommendedGain findings = gain Wrapping.recommended findings

    let private choice findings =
        let recommended = recommendedGain findings
        let interventional = gain Wrapping.interventional findings
        let hasPractice = findings.Confounder.Taken > 0

        if recommended.Low > 0. && not (isThin findings) then
            if interventional.Low > 0. && interventional.Mean > recommended.Mean + margin then
                Interventional
            else
                Recommended
        elif recommended.High < 0. then
            Plain
        elif isThin findings then
            if recommended.Mean >= -margin then Either else Plain
        elif hasPractice && findings.Wrapping.IsBySite && recommended.Mean >= -margin then
            Recommended
        elif isInformative findings && recommended.Low > -margin then
            Recommended
        elif recommended.Low > -margin || recommended.Mean >= 0. then
            Either
        else
            Plain

    let private certainty findings choice =
        let recommended = recommendedGain findings

        match choice with
        | _ when isThin findings -> Thin
        | Recommended when recommended.Low > margin -> Clear
        | Plain when recommended.High < -margin -> Clear
        | Recommended
        | Interventional -> Moderate
        | Plain when recommended.High < 0. -> Moderate
        | Either when recommended.Low > -margin -> Moderate
        | Either
        | Plain -> Thin

    let private reasons findings choice = [
        let recommended = recommendedGain findings

        $"Wrapping as Recommended changes AUROC {where findings} by {NumberText.interval recommended}, mean over {QuickBaselines.all.Length} baselines and {findings.Wrapping.Replicates} replicates."

        let logLoss = (Wrapping.overall Wrapping.recommended findings.Wrapping).LogLoss

        if logLoss.High < 0. then
            $"Log loss, which counts calibration too, falls: {NumberText.interval logLoss}."
        elif logLoss.Low > 0. then
            $"Log loss, which counts calibration too, rises: {NumberText.interval logLoss}."

        if findings.Confounder.Taken > 0 && choice = Plain then
            "Kinds of patients were taken for hidden practice, and taking them out costs: they may be diseases whose effect differs by site."
        elif findings.Confounder.Taken > 0 then
            "A hidden practice shows, and sites differ in how it goes with the outcome: a plain model learns it, and is misled where it goes with the outcome otherwise. These sites share its direction, so that part of what leaving it out costs here is that."

        if isInformative findings then
            "Who is measured tells of the outcome beyond the values. That is knowledge where patients are measured as here and a bias where they are not; Recommended keeps it only where the patients to predict for relate risk and measuring as these do."

        match choice with
        | Plain when recommended.High < 0. -> "Wrapping clearly costs here, and nothing found would repay it."
        | Plain -> "Nothing found calls for wrapping, and a loss cannot be ruled out."
        | Either when recommended.Low > -margin ->
            $"No harm above {NumberText.number margin} of AUROC, and no clear gain: nothing found decides between the two."
        | Either -> "The interval holds gains and losses: the evidence does not decide between the two."
        | Recommended when recommended.Low <= 0. ->
            "The gain is not shown by these sites: it is a protection for deployments that differ from them, which these data cannot measure."
        | Recommended
        | Interventional -> ()

        if isThin findings then
            "The evidence is thin: few events, or too few sites for an interval that says anything."
    ]

    let private moreReplicates (estimate: Estimate) findings =
        let half = estimate.High - estimate.Mean

        if Double.IsFinite half && half > margin && estimate.Low <= -margin then
            let times = min 100. (ceil ((half / margin) ** 2.))

            let what = if findings.Wrapping.IsBySite then "sites" else "patients"

            [
                $"About {times:F0} times as many {what} as these would tell a gain or loss of {NumberText.number margin} from none."
            ]
        else
            []

    let private settle findings = [
        yield! moreReplicates (recommendedGain findings) findings

        if not findings.HasSites then
            "A column that says at which site or ward patients were treated: without two sites neither a hidden practice nor the loss elsewhere can be told."
        elif findings.Sites < fewReplicates then
            "Rows from more sites, with at least ten patients with and ten without the outcome at each."

        if findings.Events < AuditData.fewEvents then
            $"More events: fewer than {AuditData.fewEvents} are here."

        if isInformative findings then
            "At least 100 patients of the place of deployment, without outcomes: DeployTo then decides whether what the mask tells is kept. Where you know that tests are ordered by other rules there, take the interventional predictions."

        if findings.Losses |> List.exists _.IsThin then
            "Patients of the left-out sites who were measured like those elsewhere: too few are, so that the split into parts is not to be relied on there."
    ]

    /// What follows from the findings. Where the evidence is thin, plain or either.
    let give findings =
        let choice = choice findings

        {
            Choice = choice
            Certainty = certainty findings choice
            Reasons = reasons findings choice
            Settle = settle findings
        }
