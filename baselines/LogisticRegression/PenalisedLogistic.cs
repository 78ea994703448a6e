using CausalDebiasing.Baselines.Shared;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines;

/// <summary>
/// Logistic regression with an L2 penalty on the coefficients but not on the intercept, in float64: the minimum of
/// sum_i w_i log loss_i + penalty / 2 |b|^2. Newton's method with conjugate gradients for the step, which needs no
/// [D, D] matrix, and step halving.
/// </summary>
internal static class PenalisedLogistic
{
    private const int MostSteps = 50;
    private const int MostProducts = 500;
    private const int MostHalvings = 30;

    /// <summary>Fall of the objective, in nats, that is not worth another step.</summary>
    private const double LeastGain = 1e-8;

    /// <summary>Keeps the intercept finite where the rows that count are of one class.</summary>
    private const double InterceptPenalty = 1e-6;

    /// <summary>D coefficients and, last, the intercept.</summary>
    /// <param name="rows">N rows of D features, without missing entries.</param>
    /// <param name="penalty">Above 0.</param>
    /// <param name="cancellation">Looked at before every step.</param>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    internal static double[] Fit(FlatRows rows, double penalty, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var columns = rows.Features[0].Length + 1;
        var features = Numbers(FlatFeatures.Block(rows.Features)).view(rows.Count, columns - 1);
        var design = cat([features, ones(rows.Count, 1, ScalarType.Float64)], 1);
        var across = design.t();
        var squares = across.square();
        var (labels, weights, offsets) = (Numbers(rows.Labels), Numbers(rows.Weights), Numbers(rows.Offsets));
        var precision = full(columns, penalty, ScalarType.Float64);
        precision[-1] = InterceptPenalty;
        double Objective(Tensor at)
        {
            using var one = NewDisposeScope();
            var logit = design.mv(at) + offsets;
            var loss = (weights * (nn.functional.softplus(logit) - labels * logit)).sum();
            return (loss + (precision * at.square()).sum() / 2).item<double>();
        }
        var coefficients = zeros(columns, ScalarType.Float64);
        var objective = Objective(coefficients);
        for (var step = 0; step < MostSteps; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var one = NewDisposeScope();
            var rate = (design.mv(coefficients) + offsets).sigmoid();
            var gradient = across.mv(weights * (rate - labels)) + precision * coefficients;
            var curvature = weights * rate * (1 - rate);
            var scale = squares.mv(curvature) + precision;
            var move = Solve(at => across.mv(curvature * design.mv(at)) + precision * at, -gradient, scale);
            var (gain, halvings) = (objective - Objective(coefficients + move), 0);
            while (!(gain >= 0) && halvings++ < MostHalvings)
            {
                move = move / 2;
                gain = objective - Objective(coefficients + move);
            }
            if (!(gain >= 0))
                break;
            coefficients.add_(move);
            objective -= gain;
            if (gain < LeastGain)
                break;
        }
        return coefficients.data<double>().ToArray();
    }

    /// <summary>Solves A x = b by conjugate gradients with a diagonal preconditioner, to a thousandth of b.</summary>
    private static Tensor Solve(Func<Tensor, Tensor> product, Tensor target, Tensor scale)
    {
        const double tolerance = 1e-3;
        var solution = zeros_like(target);
        var residual = target.clone();
        var direction = residual / scale;
        var size = residual.dot(direction).item<double>();
        var enough = tolerance * tolerance * size;
        for (var i = 0; i < MostProducts && size > enough; i++)
        {
            using var one = NewDisposeScope();
            var image = product(direction);
            var length = size / direction.dot(image).item<double>();
            solution.add_(direction * length);
            residual.sub_(image * length);
            var preconditioned = residual / scale;
            var next = residual.dot(preconditioned).item<double>();
            direction.mul_(next / size).add_(preconditioned);
            size = next;
        }
        return solution;
    }

    /// <summary>A copy in native memory: products of managed memory differ in the last bits by where it happens to lie.</summary>
    private static Tensor Numbers(float[] values)
    {
        using var managed = tensor(values);
        return managed.to(ScalarType.Float64);
    }
}
