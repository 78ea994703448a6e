using CausalDebiasing.Cohorts;
using CausalDebiasing.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// Inverse propensity weights w_i = P(r_i) / P(r_i | covariates) with P(r | covariates) from a multinomial logistic
/// regression on the always-observed numeric modalities and the site, truncated at the 1st and 99th percentile
/// (ICYM2I's weighting, arXiv 2505.16953, generalised from complete rows to every pattern).
/// </summary>
public static class PatternPropensity
{
    private const int Steps = 200;
    private const double LearningRate = 0.05;
    private const double Penalty = 1e-3;

    /// <summary>One positive weight per training row, scaled to mean 1.</summary>
    /// <param name="raw">The training rows, not standardised.</param>
    public static float[] Weights(Cohort raw)
    {
        using var scope = NewDisposeScope();
        var train = Standardiser.Fit(raw).Apply(raw);
        var table = PatternTable.Fit(train);
        int[] pattern =
        [
            .. Enumerable.Range(0, train.Count).Select(row => table.IndexOf(train.Pattern(row))),
        ];
        var covariates = Covariates(train);
        var target = tensor([.. pattern.Select(index => (long)index)], ScalarType.Int64);
        using var coefficients = new Parameter(zeros(covariates.size(1), table.Count));
        using var optimiser = optim.Adam([coefficients], LearningRate);
        for (var step = 0; step < Steps; step++)
        {
            using var inner = NewDisposeScope();
            var loss =
                nn.functional.cross_entropy(covariates.mm(coefficients), target)
                + Penalty * coefficients.pow(2).sum();
            optimiser.zero_grad();
            loss.backward();
            optimiser.step();
        }
        var probability = nn.functional.softmax(covariates.mm(coefficients), 1).detach();
        var own = probability.gather(1, target.unsqueeze(1)).Elements<float>();
        var weights = own.Select((p, i) => (float)(table.Prior[pattern[i]] / Math.Max(p, 1e-6f))).ToArray();
        return Truncate(weights);
    }

    private static Tensor Covariates(Cohort train)
    {
        var blocks = new List<Tensor> { ones(train.Count, 1) };
        foreach (var m in NumericModalities.PositionsIn(train.Modalities))
            if (Enumerable.Range(0, train.Count).All(row => train.IsObserved(row, m)))
                blocks.Add(
                    tensor(
                        train.Values(m).ToArray(),
                        [train.Count, train.Modalities[m].Size],
                        ScalarType.Float32
                    )
                );
        if (train.SiteNames.Count > 1)
            blocks.Add(
                nn.functional.one_hot(
                        tensor([.. train.Sites.ToArray().Select(site => (long)site)], ScalarType.Int64),
                        train.SiteNames.Count
                    )
                    .to(ScalarType.Float32)
            );
        return cat(blocks, 1);
    }

    private static float[] Truncate(float[] weights)
    {
        float[] sorted = [.. weights.Order()];
        var (low, high) = (sorted[sorted.Length / 100], sorted[sorted.Length - 1 - sorted.Length / 100]);
        float[] truncated = [.. weights.Select(weight => Math.Clamp(weight, low, high))];
        var mean = truncated.Average();
        return [.. truncated.Select(weight => weight / mean)];
    }
}
