using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>Cross-validation of practice models: parts of the rows, each held out once.</summary>
internal sealed class HeldOut
{
    private const int Folds = 3;
    private const int Steps = 20;

    private readonly SearchLimits limits;

    internal HeldOut(PracticeRows rows, SearchLimits limits)
    {
        this.limits = limits;
        var all = Enumerable.Range(0, rows.Count);
        Parts =
        [
            .. Enumerable
                .Range(0, Folds)
                .Select(fold =>
                {
                    int[] kept = [.. all.Where(row => row % Folds != fold)];
                    return new Part(
                        rows.Select(kept),
                        rows.Select([.. all.Where(row => row % Folds == fold)]),
                        kept
                    );
                }),
        ];
    }

    /// <summary>The divisions.</summary>
    internal IReadOnlyList<Part> Parts { get; }

    /// <summary>Log likelihood of every row [n], in the order of the parts, under the model fitted without it.</summary>
    internal Tensor LogLikelihood(PracticeMixture start) => LogLikelihood(_ => start);

    /// <summary>The same with a start of its own for every part.</summary>
    /// <param name="start">The start.</param>
    /// <param name="mostSteps">Of expectation maximisation.</param>
    internal Tensor LogLikelihood(Func<Part, PracticeMixture> start, int mostSteps = Steps) =>
        cat([
            .. Parts.Select(part =>
            {
                limits.Check();
                return PracticeEm.Fit(part.Train, start(part), mostSteps).Model.LogLikelihood(part.Held);
            }),
        ]);

    /// <summary>Mean over its standard error.</summary>
    internal static double Z(Tensor gain) =>
        (gain.mean() / gain.std() * Math.Sqrt(gain.size(0))).item<double>();

    /// <summary>Rows to fit on, rows to judge on, and the positions of the former.</summary>
    internal sealed record Part(PracticeRows Train, PracticeRows Held, int[] Kept);
}
