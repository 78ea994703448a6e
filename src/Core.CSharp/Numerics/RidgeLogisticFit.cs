using CausalDebiasing.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Numerics;

/// <summary>
/// A logistic regression with a normal prior of mean 0, fitted by Newton's method with step halving, with what judges it (Laplace's
/// approximation; Bishop 2006, section 4.5).
/// </summary>
public sealed class RidgeLogisticFit
{
    private RidgeLogisticFit(
        double[] coefficients,
        double[] logits,
        double logDensity,
        double[] covariance
    ) => (Coefficients, Logits, LogDensity, Covariance) = (coefficients, logits, logDensity, covariance);

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
    /// <exception cref="InputException">The lengths do not fit each other, or a number is out of its range or not finite.</exception>
    public static RidgeLogisticFit Of(double[] design, double[] outcome, double[] precision)
    {
        Require(design, outcome, precision);
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

    private static void Require(double[] design, double[] outcome, double[] precision)
    {
        if (
            outcome.Length == 0
            || precision.Length == 0
            || design.Length != (long)outcome.Length * precision.Length
        )
            throw new InputException(
                $"{design.Length} numbers are not {outcome.Length} rows of {precision.Length}; give at least one row, and one number for each precision in each."
            );
        if (!design.All(double.IsFinite))
            throw new InputException("A number of the design is not finite; leave such rows out, or impute.");
        if (!outcome.All(share => share is >= 0 and <= 1))
            throw new InputException("An outcome is outside [0, 1]; give 0, 1 or a share.");
        if (!precision.All(own => own > 0 && double.IsFinite(own)))
            throw new InputException(
                "A prior precision is not above 0; give a small one such as 0.01 where nothing is known."
            );
    }
}
