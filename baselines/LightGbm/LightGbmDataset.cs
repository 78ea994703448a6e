using CausalDebiasing.Baselines.Shared;
using Microsoft.Win32.SafeHandles;

namespace CausalDebiasing.Baselines;

/// <summary>Training rows in LightGBM's binned form.</summary>
internal sealed class LightGbmDataset : SafeHandleZeroOrMinusOneIsInvalid
{
    private LightGbmDataset(nint handle)
        : base(ownsHandle: true) => SetHandle(handle);

    /// <summary>Bins the rows.</summary>
    /// <param name="rows">The rows; NaN where an entry is missing.</param>
    /// <param name="start">[N] logits before the first tree.</param>
    /// <param name="parameters">LightGBM's, as <c>name=value</c> separated by blanks.</param>
    /// <exception cref="InvalidOperationException">LightGBM refuses them.</exception>
    internal static LightGbmDataset Of(FlatRows rows, double[] start, string parameters)
    {
        LightGbmLibrary.Require(
            LightGbmLibrary.CreateDataset(
                FlatFeatures.Block(rows.Features),
                LightGbmLibrary.Float32,
                rows.Count,
                rows.Features[0].Length,
                LightGbmLibrary.RowMajor,
                parameters,
                0,
                out var handle
            )
        );
        var dataset = new LightGbmDataset(handle);
        try
        {
            dataset.Set("label", rows.Labels);
            dataset.Set("weight", rows.Weights);
            LightGbmLibrary.Require(
                LightGbmLibrary.SetField(dataset, "init_score", start, start.Length, LightGbmLibrary.Float64)
            );
        }
        catch
        {
            dataset.Dispose();
            throw;
        }
        return dataset;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => LightGbmLibrary.FreeDataset(handle) == 0;

    private void Set(string field, float[] values) =>
        LightGbmLibrary.Require(
            LightGbmLibrary.SetField(this, field, values, values.Length, LightGbmLibrary.Float32)
        );
}
