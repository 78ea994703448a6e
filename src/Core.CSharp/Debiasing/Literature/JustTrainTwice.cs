using CausalDebiasing.Cohorts;
using CausalDebiasing.Networks;
using CausalDebiasing.Predictors;
using CausalDebiasing.Training;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// JTT (Liu et al. 2021, arXiv 2107.09044, algorithm 1): a first model, trained for few epochs, says which training
/// rows it gets wrong; the second trains with these rows up-weighted. A fifth of the epochs (as for Waterbirds) and
/// the smallest published factor, 4 (MultiNLI), since with noisy outcomes a large part of the rows is misclassified.
/// </summary>
internal static class JustTrainTwice
{
    internal const float UpWeight = 4;

    private const int Part = 5;

    /// <summary>The first model: the plain network for a fifth of its epochs.</summary>
    internal static NeuralPredictor Identification(NeuralPredictor neural) =>
        neural.With(
            context => new PlainHead(context),
            (_, _) => null,
            training =>
                training with
                {
                    Epochs = Math.Max(1, training.Epochs / Part),
                    Selection = SelectionRule.LastEpoch,
                }
        );

    /// <summary>Whether a first predictor, fitted to the rows, puts each on the wrong side of 1/2.</summary>
    internal static bool[] Errors(IPredictor first, Cohort train, Cohort validation, FitContext context)
    {
        var own = context with { Seed = context.Seed.Derive("identification"), Progress = null };
        first.Fit(train, validation, own);
        var labels = train.Labels.ToArray();
        return [.. first.PredictChecked(train).Select((p, row) => p > 0.5f != labels[row] > 0.5f)];
    }

    /// <summary>4 for errors and 1 for the others, scaled to mean 1.</summary>
    internal static float[] Weights(bool[] errors)
    {
        float[] weights = [.. errors.Select(isError => isError ? UpWeight : 1)];
        var mean = weights.Average();
        return [.. weights.Select(weight => weight / mean)];
    }
}
