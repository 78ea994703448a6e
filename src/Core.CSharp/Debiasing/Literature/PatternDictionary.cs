using CausalDebiasing.Cohorts;
using CausalDebiasing.Networks;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// The confounder dictionary with one entry per kept missingness pattern: e_r = u_r + V c_r, where u_r is
/// learned and c_r is the moving average of the features of the training rows with that pattern.
/// </summary>
internal sealed class PatternDictionary : nn.Module
{
    /// <summary>Width of an entry.</summary>
    internal const int EntryWidth = 32;
    private const double Momentum = 0.9;

    private readonly Embedding learned;
    private readonly Linear project;
    private readonly Tensor means;
    private readonly PatternTable patterns;

    internal PatternDictionary(HeadContext context, int width)
        : base(nameof(PatternDictionary))
    {
        patterns = context.Patterns;
        learned = Layers.Embedding(context.Random, patterns.Count, EntryWidth, 0.1);
        project = Layers.Linear(context.Random, width, EntryWidth, bias: false);
        means = zeros(patterns.Count, width);
        register_buffer("means", means);
        RegisterComponents();
    }

    internal int Count => patterns.Count;

    /// <summary>[R, EntryWidth].</summary>
    internal Tensor Entries => learned.weight! + project.forward(means);

    /// <summary>[N] positions of the rows' patterns.</summary>
    internal Tensor IndexOf(IReadOnlyList<int> rows) =>
        tensor([.. rows.Select(pattern => (long)patterns.IndexOf(pattern))]);

    /// <summary>Moves c_r towards the mean of the batch's features of pattern r.</summary>
    internal void Update(Tensor features, Tensor index)
    {
        using var inference = no_grad();
        var members = nn.functional.one_hot(index, Count).to(ScalarType.Float32);
        var counts = members.sum([0L]).unsqueeze(1);
        var batch = members.transpose(0, 1).mm(features.detach()) / counts.clamp_min(1);
        var moved = means * Momentum + batch * (1 - Momentum);
        means.copy_(where(counts.gt(0), moved, means));
    }
}
