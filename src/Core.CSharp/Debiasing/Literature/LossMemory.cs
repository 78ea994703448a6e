namespace CausalDebiasing.Debiasing;

/// <summary>Moving averages of one branch's loss per training row, relative to the largest of the row's class.</summary>
internal sealed class LossMemory(int rows)
{
    private const float Momentum = 0.7f;

    private readonly float[] losses = new float[rows];
    private readonly byte[] label = new byte[rows];
    private readonly float[] largest = new float[2];

    /// <summary>Adds a batch's losses; a row's first loss is stored as it is.</summary>
    internal void Record(IReadOnlyList<int> batchRows, bool[] positive, float[] batchLosses)
    {
        for (var i = 0; i < batchRows.Count; i++)
        {
            var row = batchRows[i];
            losses[row] =
                label[row] == 0 ? batchLosses[i] : Momentum * losses[row] + (1 - Momentum) * batchLosses[i];
            label[row] = (byte)(positive[i] ? 2 : 1);
        }
        Array.Fill(largest, 1e-8f);
        for (var row = 0; row < losses.Length; row++)
            if (label[row] > 0)
                largest[label[row] - 1] = Math.Max(largest[label[row] - 1], losses[row]);
    }

    /// <summary>The row's loss divided by the largest of its class, in [0, 1].</summary>
    internal float Relative(int row) => losses[row] / largest[label[row] - 1];
}
