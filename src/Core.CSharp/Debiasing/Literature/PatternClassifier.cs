using CausalDebiasing.Cohorts;
using CausalDebiasing.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// P(y | features, r) and its marginal over patterns: the missingness deconfounder. The logit is a two-layer
/// network on [features; e_r], so that features and pattern can interact.
/// </summary>
internal sealed class PatternClassifier : nn.Module
{
    private readonly PatternDictionary dictionary;
    private readonly Linear fromFeatures;
    private readonly Linear fromPattern;
    private readonly Linear output;
    private readonly Tensor prior;

    internal PatternClassifier(HeadContext context, int width, int hidden)
        : base(nameof(PatternClassifier))
    {
        dictionary = new(context, width);
        fromFeatures = Layers.Linear(context.Random, width, hidden);
        fromPattern = Layers.Linear(context.Random, PatternDictionary.EntryWidth, hidden, bias: false);
        output = Layers.Logit(context.Random, hidden, context.Prevalence);
        prior = tensor([.. context.Patterns.Prior.Select(p => (float)p)]);
        register_buffer("prior", prior);
        RegisterComponents();
    }

    /// <summary>Moves the dictionary's pattern means towards a training batch; once per step, before classifying it.</summary>
    internal void Learn(Tensor features, Batch batch) => dictionary.Update(features, IndexOf(batch));

    /// <summary>The factual logit of each row with its own pattern, and the marginal probability, both [N].</summary>
    internal (Tensor FactualLogit, Tensor Marginal) Classify(Tensor features, Batch batch)
    {
        var index = IndexOf(batch);
        var entries = dictionary.Entries;
        var left = fromFeatures.forward(features);
        return (Logit(left + fromPattern.forward(entries.index_select(0, index))), Marginal(left, entries));
    }

    /// <summary>The sum of the losses of both probabilities, [N].</summary>
    internal static Tensor Loss(Tensor factualLogit, Tensor marginal, Tensor labels) =>
        Losses.BinaryCrossEntropy(factualLogit, labels) + Losses.MarginalBinaryCrossEntropy(marginal, labels);

    private Tensor IndexOf(Batch batch) => dictionary.IndexOf(batch.Patterns);

    private Tensor Marginal(Tensor left, Tensor entries) =>
        Losses.ExactMarginal(Logit(left.unsqueeze(1) + fromPattern.forward(entries).unsqueeze(0)), prior);

    private Tensor Logit(Tensor hidden) => output.forward(nn.functional.relu(hidden)).squeeze(-1);
}
