using CausalDebiasing.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Numerics;

/// <summary>
/// A logistic regression with a normal prior of mean 0, fitted by Newton's method with step halving, with what judges it (Laplace's
/// approximation; Bishop 2006, section 4.5).
/// </summary>
public sealed class RidgeFit
{
    private RidgeFit(double[] coefficients, double[] logits, double logDensity, double[] covariance) =>
        (Coefficients, Logits, LogDensity, Covariance) = (coefficients, logits, logDensity, covariance);

    /// <summary>K, of the highest posterior density.</summary>
    public IReadOnlyList<double> Coefficients { get; }

    /// <summary>[N], of the rows it was fitted on.</summary>
    public IReadOnlyList<double> Logits { get; }

    /// <summary>Log likelihood and log prior there, up to a constant of the prior.</summary>
    public double LogDensity { get; }

    /// <summary>[K * K], row-major: the inverse of the posterior's curvature.</summary>
    public IReadOnlyList<double> Covariance { get; }

    /// <summary>Fits N rows of K numbers.</summary>
    /// <param name="design">[N * K], row-major.</param>
    /// <param name="outcome">[N] in [0, 1]: outcomes, or shares, whose mean the logistic curve then is.</param>
    /// <param name="precision">K prior precisions, above 0.</param>
    public static RidgeFit Of(double[] design, double[] outcome, double[] precision)
    {
        TorchRuntime.EnsureLoadable();
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var rows = tensor(design, [outcome.Length, precision.Length]).clone();
        var (target, scale) = (tensor(outcome).clone(), tensor(precision));
        var offset = zeros(outcome.Length, ScalarType.Float64);
        var found = RidgeLogistic.Fit(rows, target, offset, new double[precision.Length], precision);
        var coefficients = tensor(found);
        var logits = rows.mv(coefficients);
        var rate = logits.sigmoid();
        var likelihood = (target * logits - nn.functional.softplus(logits)).sum();
        var density = likelihood - (scale * coefficients.square()).sum() / 2;
        var curvature = rows.t().mm(rows * (rate * (1 - rate)).unsqueeze(1)) + diag(scale);
        return new(
            found,
            logits.Elements<double>(),
            density.item<double>(),
            curvature.inverse().Elements<double>()
        );
    }
}
