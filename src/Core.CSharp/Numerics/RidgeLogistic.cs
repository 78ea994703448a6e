using CausalDebiasing.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Numerics;

/// <summary>
/// Logistic regression by Newton's method with step halving, with a normal prior on the coefficients.
/// </summary>
internal static class RidgeLogistic
{
    private const int MostSteps = 25;
    private const int MostHalvings = 30;
    private const double Tolerance = 1e-9;

    /// <summary>The K coefficients with the highest posterior density.</summary>
    /// <param name="design">[N, K], Float64.</param>
    /// <param name="outcome">[N] outcomes, 0 or 1, Float64.</param>
    /// <param name="offset">[N] known parts of the logit, Float64.</param>
    /// <param name="centre">K prior means.</param>
    /// <param name="precision">K prior precisions, above 0.</param>
    internal static double[] Fit(
        Tensor design,
        Tensor outcome,
        Tensor offset,
        double[] centre,
        double[] precision
    )
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var (prior, scale, across) = (tensor(centre), tensor(precision), design.transpose(0, 1));
        double Density(Tensor at)
        {
            using var one = NewDisposeScope();
            var logit = design.mv(at) + offset;
            var likelihood = (outcome * logit - nn.functional.softplus(logit)).sum();
            return (likelihood - (scale * (at - prior).square()).sum() / 2).item<double>();
        }
        var coefficients = prior.clone();
        var density = Density(coefficients);
        for (var step = 0; step < MostSteps; step++)
        {
            using var one = NewDisposeScope();
            var rate = (design.mv(coefficients) + offset).sigmoid();
            var gradient = across.mv(outcome - rate) - scale * (coefficients - prior);
            var hessian = across.mm(design * (rate * (1 - rate)).unsqueeze(1)) + diag(scale);
            var move = linalg.solve(hessian, gradient.unsqueeze(1)).squeeze(1);
            var (gain, halvings) = (Density(coefficients + move) - density, 0);
            while (!(gain >= 0) && halvings++ < MostHalvings)
            {
                move /= 2;
                gain = Density(coefficients + move) - density;
            }
            if (!(gain > Tolerance * Math.Abs(density)))
                break;
            coefficients.add_(move);
            density += gain;
        }
        return coefficients.Elements<double>();
    }
}
