using BenchmarkDotNet.Attributes;
using CausalDebiasing.Metrics;

namespace CausalDebiasing.Benchmarks;

/// <summary>Metrics of 100,000 predictions.</summary>
public class MetricBenchmarks
{
    private readonly float[] labels = new float[100_000];
    private readonly float[] probabilities = new float[100_000];

    [GlobalSetup]
    public void Draw()
    {
        var random = new Random(1);
        for (var i = 0; i < labels.Length; i++)
            (labels[i], probabilities[i]) = (random.Next(2), random.NextSingle());
    }

    [Benchmark]
    public double Discrimination() => Auroc.Compute(labels, probabilities);

    [Benchmark]
    public double Precision() => AveragePrecision.Compute(labels, probabilities);

    [Benchmark]
    public double Calibration() => ExpectedCalibrationError.Compute(labels, probabilities);
}
