namespace CausalDebiasing.Metrics;

/// <summary>All metrics of one set of predictions.</summary>
/// <param name="Auroc">See <see cref="Metrics.Auroc"/>; larger is better, NaN for a single class.</param>
/// <param name="AveragePrecision">See <see cref="Metrics.AveragePrecision"/>; larger is better, NaN without positives.</param>
/// <param name="BrierScore">See <see cref="Metrics.BrierScore"/>; smaller is better.</param>
/// <param name="LogLoss">See <see cref="Metrics.LogLoss"/>, in nats; smaller is better.</param>
/// <param name="ExpectedCalibrationError">See <see cref="Metrics.ExpectedCalibrationError"/>; smaller is better.</param>
public sealed record MetricSet(
    double Auroc,
    double AveragePrecision,
    double BrierScore,
    double LogLoss,
    double ExpectedCalibrationError
)
{
    /// <summary>Computes every metric.</summary>
    /// <param name="labels">n outcomes, each 0 or 1.</param>
    /// <param name="probabilities">n probabilities in [0, 1].</param>
    /// <exception cref="Runtime.InputException">Lengths differ, a label is not 0 or 1, or a prediction is not in [0, 1].</exception>
    public static MetricSet Of(ReadOnlySpan<float> labels, ReadOnlySpan<float> probabilities) =>
        new(
            Metrics.Auroc.Compute(labels, probabilities),
            Metrics.AveragePrecision.Compute(labels, probabilities),
            Metrics.BrierScore.Compute(labels, probabilities),
            Metrics.LogLoss.Compute(labels, probabilities),
            Metrics.ExpectedCalibrationError.Compute(labels, probabilities)
        );
}
