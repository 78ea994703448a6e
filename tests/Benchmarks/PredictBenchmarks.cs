using BenchmarkDotNet.Attributes;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Predictors;
using CausalDebiasing.Runtime;

namespace CausalDebiasing.Benchmarks;

/// <summary>Prediction of 6,000 patients by the same networks, plain and wrapped.</summary>
public class PredictBenchmarks
{
    private Cohort test = null!;
    private IPredictor predictor = null!;

    [Params("zero-fill-mlp", "mt")]
    public string Baseline { get; set; } = "";

    [Params("plain", "paper", "recommended")]
    public string Variant { get; set; } = "";

    [GlobalSetup]
    public void Fit()
    {
        predictor = Networks.Create(Baseline, Variant);
        predictor.Fit(
            RandomCohort.Draw(1500, 1),
            RandomCohort.Draw(500, 2),
            new FitContext { Seed = new Seed(1) }
        );
        test = RandomCohort.Draw(6000, 3);
    }

    [Benchmark]
    public float[] Predict() => predictor.PredictProbability(test);
}
