namespace CausalDebiasing.Training;

/// <summary>Probabilities with an offset added to their logits.</summary>
internal static class LogitShift
{
    /// <summary>One shifted probability per pair, in [0, 1].</summary>
    internal static float[] Apply(float[] probabilities, IEnumerable<double> offsets) =>
        [
            .. probabilities.Zip(
                offsets,
                (p, offset) => (float)(1 / (1 + (1 - p) / Math.Max(p, 1e-30) * Math.Exp(-offset)))
            ),
        ];
}
