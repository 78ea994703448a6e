using CausalDebiasing.Baselines.Shared;
using CausalDebiasing.Catalogue;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Networks;
using CausalDebiasing.Networks.Encoders;
using CausalDebiasing.Predictors;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines;

/// <summary>
/// Flex-MoE (Yun et al., NeurIPS 2024; repository UNITES-Lab/flex-moe). A missing modality is filled from a bank
/// with one learned entry per missingness pattern and modality; all tokens pass self-attention and a sparse mixture
/// of experts with a noisy top-k gate. Complete rows spread over all experts; the gate sends incomplete rows to the
/// expert of their pattern:
/// <code>
/// t_m = o_m P z_m + (1 - o_m) B[r, m] + position;  t = t + Attention(LN t);  t = t + sum_k g_k f_k(LN t)
/// features = [mean of the tokens of m] over m;  auxiliary loss = 0.01 (CE(gate, expert of r) + balance)
/// </code>
/// </summary>
/// <remarks>
/// Differs from the released code in: 2 tokens per modality (16), made from the encoder's vector; width 32 (128),
/// dropout 0.2 (0.5), ReLU experts (GELU); top 2 (4) of min(2^M - 1, 16) experts, one per pattern, where rarer patterns
/// share the nearest one's expert and bank entries; a residual around attention, which the released code adds to the
/// attention's own output; bank entries start at N(0, 0.1) (N(0, 1)); no warm-up epochs with rows in order of
/// completeness, because the order of rows is the same for every baseline here. <c>laplace</c> = 1 uses the gate of
/// FuseMoE (Han et al., NeurIPS 2024).
/// </remarks>
[Baseline(
    "flex-moe",
    Title = "Flex-MoE",
    Year = 2024,
    Paper = "arXiv:2410.08245",
    Family = BaselineFamily.Mixture
)]
[Hyperparameter("width", 32, 16, 128, Logarithmic = true, Step = 8)]
[Hyperparameter("lr", 2e-3, 1e-4, 1e-2, Logarithmic = true)]
[Hyperparameter("top", 2, 1, 4, Step = 1)]
[Hyperparameter("dropout", 0.2, 0, 0.5)]
[Hyperparameter("gate-loss", 0.01, 1e-3, 0.1, Logarithmic = true)]
[Hyperparameter("laplace", 0, 0, 1, Step = 1)]
public sealed class FlexMoe : Backbone
{
    private const int TokensPerModality = 2;
    private const int Heads = 2;

    private readonly int tokenWidth;
    private readonly double dropout;
    private readonly double gateLoss;
    private readonly EncoderBank encoders;
    private readonly Linear patches;
    private readonly PatternSlots slots;
    private readonly Parameter bank;
    private readonly Parameter positions;
    private readonly LayerNorm beforeAttention;
    private readonly SelfAttention attention;
    private readonly LayerNorm beforeExperts;
    private readonly NoisyGate gate;
    private readonly ExpertLayer experts;

    /// <summary>Builds the untrained network.</summary>
    public FlexMoe(BackboneContext context)
        : base(nameof(FlexMoe))
    {
        var (values, random) = (context.Hyperparameters, context.Random);
        var count = context.Modalities.Count;
        tokenWidth = values.Whole("width");
        dropout = values["dropout"];
        gateLoss = values["gate-loss"];
        Width = count * tokenWidth;
        encoders = new(context.Modalities, tokenWidth, random);
        patches = Layers.Linear(random, tokenWidth, TokensPerModality * tokenWidth);
        slots = new(count);
        bank = Layers.Parameter(random, 0.1, slots.Count, count, TokensPerModality, tokenWidth);
        positions = Layers.Parameter(random, 0.1, count * TokensPerModality, tokenWidth);
        beforeAttention = nn.LayerNorm([tokenWidth]);
        attention = new(tokenWidth, Heads, random);
        beforeExperts = nn.LayerNorm([tokenWidth]);
        gate = new(tokenWidth, slots.Count, values.Whole("top"), values.Whole("laplace") == 1, random);
        experts = new(tokenWidth, 2 * tokenWidth, slots.Count, random);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int Width { get; }

    /// <inheritdoc/>
    public override void Pretrain(TrainingRows rows) => slots.Fit(rows);

    /// <inheritdoc/>
    public override Representation Represent(Batch batch)
    {
        var count = encoders.Count;
        var slot = slots.IndexOf(batch.Patterns);
        var encoded = patches.forward(encoders.Encode(batch)).view(batch.Count, count, TokensPerModality, -1);
        var tokens = Fill(encoded, batch.Mask, bank, slot).flatten(1, 2) + positions;
        tokens += Layers.Dropout(attention.call(beforeAttention.forward(tokens)), dropout, batch);

        var routed = beforeExperts.forward(tokens).flatten(0, 1);
        var perRow = count * TokensPerModality;
        var routing = gate.Route(
            routed,
            slot.repeat_interleave(perRow),
            batch.Mask.amin([1L]).repeat_interleave(perRow),
            batch.Random
        );
        var mixed = experts.Mix(routed, routing.Experts, routing.Weights).view(tokens.shape);
        tokens += Layers.Dropout(mixed, dropout, batch);
        var features = tokens.view(batch.Count, count, TokensPerModality, -1).mean([2L]).flatten(1);
        return new(features, routing.Loss is { } loss ? gateLoss * loss : null);
    }

    /// <summary>The tokens [N, M, P, d] of observed modalities, and the bank's entry of the row's pattern for missing ones.</summary>
    /// <param name="encoded">[N, M, P, d].</param>
    /// <param name="mask">[N, M].</param>
    /// <param name="bank">[S, M, P, d].</param>
    /// <param name="slot">[N] (Int64) place of the row's pattern in the bank.</param>
    internal static Tensor Fill(Tensor encoded, Tensor mask, Tensor bank, Tensor slot) =>
        where(mask.gt(0).unsqueeze(-1).unsqueeze(-1), encoded, bank.index_select(0, slot));
}
