using BenchmarkDotNet.Attributes;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Predictors;
using CausalDebiasing.Runtime;

namespace CausalDebiasing.Benchmarks;

/// <summary>A whole fit of every neural baseline, plain and wrapped: what a cell of a sweep costs.</summary>
public class FitBenchmarks
{
    private Cohort train = null!;
    private Cohort validation = null!;

    [Params("zero-fill-mlp", "mt")]
    public string Baseline { get; set; } = "";

    [Params("plain", "paper", "recommended")]
    public string Variant { get; set; } = "";

    [GlobalSetup]
    public void Draw()
    {
        train = RandomCohort.Draw(3000, 1);
        validation = RandomCohort.Draw(750, 2);
    }

    [Benchmark]
    public void Fit()
    {
        using var predictor = Networks.Create(Baseline, Variant);
        predictor.Fit(train, validation, new FitContext { Seed = new Seed(1) });
    }
}
