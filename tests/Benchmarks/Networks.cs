using CausalDebiasing.Baselines;
using CausalDebiasing.Catalogue;
using CausalDebiasing.Predictors;

namespace CausalDebiasing.Benchmarks;

/// <summary>The networks that are measured, on one thread.</summary>
internal static class Networks
{
    /// <summary>A baseline, "plain" or wrapped with the options of a preset, not fitted.</summary>
    internal static IPredictor Create(string baseline, string variant)
    {
        TorchSharp.torch.set_num_threads(1);
        var plain = BaselineCatalog.Discover(typeof(ZeroFillMlp).Assembly).Find(baseline).Create();
        return variant == "plain" ? plain : CausalDebias.Wrap(plain, DebiasOptions.Presets[variant]);
    }
}
