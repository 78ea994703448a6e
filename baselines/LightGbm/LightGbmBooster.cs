using CausalDebiasing.Baselines.Shared;
using Microsoft.Win32.SafeHandles;

namespace CausalDebiasing.Baselines;

/// <summary>Trees of LightGBM.</summary>
internal sealed class LightGbmBooster : SafeHandleZeroOrMinusOneIsInvalid
{
    private const string OneThread = "num_threads=1 verbosity=-1";

    private LightGbmBooster(nint handle)
        : base(ownsHandle: true) => SetHandle(handle);

    /// <summary>No trees yet; the rows must outlive the booster.</summary>
    /// <exception cref="InvalidOperationException">LightGBM refuses the parameters.</exception>
    internal static LightGbmBooster Of(LightGbmDataset rows, string parameters)
    {
        LightGbmLibrary.Require(LightGbmLibrary.CreateBooster(rows, parameters, out var handle));
        return new(handle);
    }

    /// <summary>The trees of a text by <see cref="ToText"/>; other text may end the process.</summary>
    /// <exception cref="InvalidOperationException">LightGBM cannot read it.</exception>
    internal static LightGbmBooster Parse(string text)
    {
        LightGbmLibrary.Require(LightGbmLibrary.LoadBooster(text, out _, out var handle));
        return new(handle);
    }

    /// <summary>Adds a tree; false where no split gains anything any more, and none was added.</summary>
    internal bool Grow()
    {
        LightGbmLibrary.Require(LightGbmLibrary.Update(this, out var isFinished));
        return isFinished == 0;
    }

    /// <summary>The sum of the trees' values for every row, [N]; initial scores left out.</summary>
    /// <exception cref="InvalidOperationException">The rows have another number of features.</exception>
    internal double[] Scores(float[][] features)
    {
        var scores = new double[features.Length];
        if (features.Length == 0)
            return scores;
        LightGbmLibrary.Require(
            LightGbmLibrary.Predict(
                this,
                FlatFeatures.Block(features),
                LightGbmLibrary.Float32,
                features.Length,
                features[0].Length,
                LightGbmLibrary.RowMajor,
                LightGbmLibrary.RawScore,
                0,
                -1,
                OneThread,
                out _,
                scores
            )
        );
        return scores;
    }

    /// <summary>The trees as text, from which <see cref="Parse"/> makes the same to the last bit.</summary>
    internal string ToText()
    {
        var text = new byte[1 << 16];
        if (Write(text) is var length && length > text.Length)
        {
            text = new byte[length];
            Write(text);
        }
        return System.Text.Encoding.UTF8.GetString(text, 0, (int)length - 1);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => LightGbmLibrary.FreeBooster(handle) == 0;

    /// <summary>The length with the terminating 0; the text is written where there is room for all of it.</summary>
    private long Write(byte[] text)
    {
        LightGbmLibrary.Require(LightGbmLibrary.Save(this, 0, -1, 0, text.Length, out var length, text));
        return length;
    }
}
