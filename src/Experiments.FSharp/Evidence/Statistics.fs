namespace CausalDebiasing.Bench.Evidence

open System
open MathNet.Numerics.Distributions

/// A mean with its two-sided 95 % confidence interval; the bounds are NaN below two values.
type Estimate = {
    Count: int
    Mean: float
    /// Sample standard deviation (divisor n - 1); NaN below two values.
    Sd: float
    Low: float
    High: float
}

/// Summaries over seeds. A seed is the unit of replication: it decides world, split, mask and initialisation.
module Statistics =
    let private confidence = 0.95

    /// Differences below half of the third decimal, the last one printed, count as ties.
    let tieMargin = 0.0005

    /// A ceiling that is not at least this far above plain leaves no gap to close.
    let smallestGap = 0.005

    /// NaN of no values.
    let mean (values: float list) =
        if values.IsEmpty then nan else List.average values

    /// Sample standard deviation with divisor n - 1; NaN below two values.
    let sd (values: float list) =
        if values.Length < 2 then
            nan
        else
            let centre = mean values

            sqrt (
                (values |> List.sumBy (fun value -> (value - centre) ** 2.))
                / float (values.Length - 1)
            )

    /// Mean and 95 % interval from Student's t distribution with J - 1 degrees of freedom, of values of J test sets whose
    /// training sets overlap, by the corrected resampled t-test (Nadeau and Bengio, Machine Learning 52, 2003): the standard
    /// error is sd sqrt(1 / J + n_test / n_train), `testToTrain` being the last ratio.
    let resampledEstimate testToTrain (values: float list) =
        let centre, spread, n = mean values, sd values, values.Length

        let half =
            if n < 2 then
                nan
            else
                StudentT.InvCDF(0., 1., float (n - 1), 0.5 + confidence / 2.)
                * spread
                * sqrt (1. / float n + testToTrain)

        {
            Count = n
            Mean = centre
            Sd = spread
            Low = centre - half
            High = centre + half
        }

    /// Mean and 95 % interval of independent values from Student's t distribution with n - 1 degrees of freedom.
    let estimate values = resampledEstimate 0. values

    /// Two-sided p-value of the corrected resampled t-test (see `resampledEstimate`) of "the mean is
    /// <paramref name="expected"/>". NaN below two values; without spread 1 or 0.
    let resampledTTest testToTrain expected (values: float list) =
        let spread = sd values

        if Double.IsNaN spread then
            nan
        elif spread = 0. then
            if mean values = expected then 1. else 0.
        else
            let n = float values.Length
            let t = (mean values - expected) / (spread * sqrt (1. / n + testToTrain))
            2. * StudentT.CDF(0., 1., n - 1., -abs t)

    /// Two-sided p-value of the one-sample t-test of "the mean is <paramref name="expected"/>"; applied to paired
    /// differences it is the paired t-test. NaN below two values; without spread 1 or 0.
    let tTest expected values = resampledTTest 0. expected values

    /// Holm's step-down adjusted p-values in the order given (Holm, Scand. J. Statist. 6, 1979). NaNs stay NaN and
    /// do not count as tests.
    let holm (pValues: float list) =
        let tested =
            pValues
            |> List.indexed
            |> List.filter (snd >> Double.IsNaN >> not)
            |> List.sortBy snd

        let adjusted =
            tested
            |> List.mapi (fun rank (index, p) -> index, min 1. (float (tested.Length - rank) * p))
            |> List.scan (fun (_, highest) (index, p) -> index, max highest p) (-1, 0.)
            |> Map.ofList

        pValues
        |> List.mapi (fun index _ -> Map.tryFind index adjusted |> Option.defaultValue nan)

    /// Numbers of differences that are positive, tied (see tieMargin) and negative.
    let winsTiesLosses (differences: float list) =
        let count predicate =
            differences |> List.filter predicate |> List.length

        let wins = count (fun d -> d > tieMargin)
        let losses = count (fun d -> d < -tieMargin)
        wins, differences.Length - wins - losses, losses

    /// Share of the distance from plain to ceiling that the wrapped model covers, as a ratio of mean differences over
    /// (plain, wrapped, ceiling) triples, one per seed. NaN where there is no gap: that distance is below smallestGap, as it is
    /// where bias helps the plain model, or its 95 % interval over the seeds holds zero.
    let gapClosed (triples: (float * float * float) list) =
        let gap =
            triples |> List.map (fun (plain, _, ceiling) -> ceiling - plain) |> estimate

        let gain = triples |> List.map (fun (plain, wrapped, _) -> wrapped - plain) |> mean

        if not (gap.Mean >= smallestGap) || gap.Low <= 0. then
            nan
        else
            gain / gap.Mean
