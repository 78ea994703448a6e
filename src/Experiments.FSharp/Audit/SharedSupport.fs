namespace CausalDebiasing.Bench.Audit

open MathNet.Numerics

/// What of every row counts at the steps between the sites that are trained on (p) and the site that is not (q). Of the
/// former the weights bring x, and then what is measured as well, to what both have in common; of the latter the same.
type StepWeights = {
    /// Of p: q(x) / (p(x) + q(x)).
    SourceMix: float[]
    /// Of p: times q(r|x) / (p(r|x) + q(r|x)), over its mean given x.
    SourceShared: float[]
    /// Of q: p(x) / (p(x) + q(x)) times p(r|x) / (p(r|x) + q(r|x)), over its mean given x.
    TargetShared: float[]
    /// Of q: p(x) / (p(x) + q(x)).
    TargetMix: float[]
}

/// Rows of both with what tells them apart.
type SharedSupport = {
    IsTarget: bool[]
    /// x.
    Mix: Design
    /// x and what is measured, r.
    Joint: Design
    /// Classifiers of the rows' domain, and the share of q(r|x) on what both measure, given x.
    MixFit: LogitFit
    JointFit: LogitFit
    OverlapFit: LogitFit
}

/// Shared densities proportional to p q / (p + q) (DISDE, arXiv 2303.02011, section 3), first of x, then of what is measured
/// given x, both reached by domain classifiers: logistic regressions.
module SharedSupport =
    /// Of shared patterns given x; below it they are too few for any weight.
    let private leastOverlap = 0.01

    /// Log of how many more rows of q there are than of p, each counting as often as it says.
    let private logRatio (isTarget: bool[]) (counts: float[]) =
        let mutable target, all = 0., 0.

        for row in 0 .. counts.Length - 1 do
            all <- all + counts[row]

            if isTarget[row] then
                target <- target + counts[row]

        log (target / (all - target))

    /// Given the domain classifiers' logits: log q(x)/p(x) and log q(r|x)/p(r|x) of every row.
    let private logDensityRatios ratio (mix: float[]) (joint: float[]) =
        mix |> Array.map (fun logit -> logit - ratio), Array.map2 (-) joint mix

    /// q(r|x) / (p(r|x) + q(r|x)) of rows of p, and the counterpart of rows of q: their mean given x is the same.
    let private overlaps (isTarget: bool[]) (measuring: float[]) =
        Array.map2
            (fun isTarget logit -> SpecialFunctions.Logistic(if isTarget then -logit else logit))
            isTarget
            measuring

    let private weights (isTarget: bool[]) (mix: float[]) (overlap: float[]) (meanOverlap: float[]) =
        let ofDomain target pick =
            Array.init mix.Length (fun row -> if isTarget[row] = target then pick row else 0.)

        let shared row =
            overlap[row] / max leastOverlap meanOverlap[row]

        let source row = SpecialFunctions.Logistic mix[row]
        let target row = SpecialFunctions.Logistic -mix[row]

        {
            SourceMix = ofDomain false source
            SourceShared = ofDomain false (fun row -> source row * shared row)
            TargetShared = ofDomain true (fun row -> target row * shared row)
            TargetMix = ofDomain true target
        }

    /// Learns what tells the domains apart. `mix` has x, `joint` x and r, of the same rows.
    let fit (isTarget: bool[]) (mix: Design) (joint: Design) =
        let domain = isTarget |> Array.map (fun target -> if target then 1. else 0.)
        let mixFit, jointFit = Design.fit mix domain, Design.fit joint domain
        let ratio = logRatio isTarget (Array.create isTarget.Length 1.)
        let _, measuring = logDensityRatios ratio mixFit.Logits jointFit.Logits

        {
            IsTarget = isTarget
            Mix = mix
            Joint = joint
            MixFit = mixFit
            JointFit = jointFit
            OverlapFit = Design.fit mix (overlaps isTarget measuring)
        }

    /// The weights of the rows as they are.
    let weightsOf support =
        let ratio = logRatio support.IsTarget (Array.create support.IsTarget.Length 1.)

        let mix, measuring =
            logDensityRatios ratio support.MixFit.Logits support.JointFit.Logits

        weights
            support.IsTarget
            mix
            (overlaps support.IsTarget measuring)
            (support.OverlapFit.Logits |> Array.map SpecialFunctions.Logistic)

    /// Coefficients after one step of Newton's method with the curvature of the fit, where its gradient on other rows is
    /// `change` (score bootstrap, Kline and Santos, J. Econometric Methods 2012).
    let private stepped (fit: LogitFit) (change: float[]) =
        let width = change.Length

        Array.init width (fun i ->
            let mutable sum = fit.Coefficients[i]

            for j in 0 .. width - 1 do
                sum <- sum + fit.Covariance[i * width + j] * change[j]

            sum)

    let private residuals (target: float[]) (logits: float[]) =
        Array.map2 (fun target logit -> target - SpecialFunctions.Logistic logit) target logits

    /// The weights that a bootstrap sample gives in which each row is there so many times; the rows' counts are not in them.
    let replicate support (counts: float[]) =
        let domain = support.IsTarget |> Array.map (fun target -> if target then 1. else 0.)

        let refit (design: Design) (fit: LogitFit) =
            let change =
                residuals domain fit.Logits
                |> Array.map2 (fun count residual -> (count - 1.) * residual) counts

            design |> Design.times (stepped fit (Design.weigh change design))

        let ratio = logRatio support.IsTarget counts

        let mix, measuring =
            logDensityRatios ratio (refit support.Mix support.MixFit) (refit support.Joint support.JointFit)

        let overlap = overlaps support.IsTarget measuring
        let before = logRatio support.IsTarget (Array.create counts.Length 1.)

        let was =
            overlaps
                support.IsTarget
                (snd (logDensityRatios before support.MixFit.Logits support.JointFit.Logits))

        let logits = support.OverlapFit.Logits

        let change =
            Array.init counts.Length (fun row ->
                let mean = SpecialFunctions.Logistic logits[row]
                counts[row] * (overlap[row] - mean) - (was[row] - mean))

        let meanOverlap =
            support.Mix
            |> Design.times (stepped support.OverlapFit (Design.weigh change support.Mix))
            |> Array.map SpecialFunctions.Logistic

        weights support.IsTarget mix overlap meanOverlap

    /// Twice the integral of p q / (p + q) over x and over x and r together: 1 where both are the same, 0 where nothing is
    /// shared.
    let shares support =
        let ratio = logRatio support.IsTarget (Array.create support.IsTarget.Length 1.)

        let mean (logits: float[]) =
            let own =
                Array.zip support.IsTarget logits
                |> Array.filter (fst >> not)
                |> Array.map (fun (_, logit) -> 2. * SpecialFunctions.Logistic(logit - ratio))

            min 1. (Array.average own)

        mean support.MixFit.Logits, mean support.JointFit.Logits
