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
/// ShaSpec (Wang et al., CVPR 2023; repository billhhh/ShaSpec): a shared encoder s_m = S(x_m) and one specific
/// encoder p_m = P_m(x_m) per modality. An observed modality is fused as f_m = s_m + W[s_m; p_m]; a missing one is
/// represented by shared features alone. The decoder reads all f_m:
/// <code>
/// f_m = o_m (s_m + W[s_m; p_m]) + (1 - o_m) mean of the observed s;  features = D[f_1; ..; f_M]
/// auxiliary loss = 0.1 sum_m L1(s_m, s_(m+1)) + 0.02 CE(C p_m, m)
/// </code>
/// </summary>
/// <remarks>
/// Differs from the released code in: a missing modality gets the mean of the observed shared features (the paper's
/// text; the code takes the first one's); the L1 term counts only rows that observe both modalities and the
/// classification only observed modalities (the code counts all); modalities of different shape pass an encoder of
/// their own before the shared one, which is a two-layer network; no modality is hidden at random in training beyond
/// what the data hide; Adam (SGD).
/// </remarks>
[Baseline("shaspec", Title = "ShaSpec", Year = 2023, Paper = "arXiv:2307.14126")]
[Hyperparameter("width", 32, 16, 128, Logarithmic = true, Step = 8)]
[Hyperparameter("lr", 2e-3, 1e-4, 1e-2, Logarithmic = true)]
[Hyperparameter("shared-weight", 0.1, 0.01, 1, Logarithmic = true)]
[Hyperparameter("specific-weight", 0.02, 0.002, 0.2, Logarithmic = true)]
public sealed class ShaSpec : Backbone
{
    private readonly double sharedWeight;
    private readonly double specificWeight;
    private readonly EncoderBank stems;
    private readonly Sequential shared;
    private readonly EncoderBank specific;
    private readonly Linear composition;
    private readonly Linear classifier;
    private readonly ConcatenationFusion decoder;

    /// <summary>Builds the untrained network.</summary>
    public ShaSpec(BackboneContext context)
        : base(nameof(ShaSpec))
    {
        var (values, random) = (context.Hyperparameters, context.Random);
        Width = values.Whole("width");
        sharedWeight = values["shared-weight"];
        specificWeight = values["specific-weight"];
        stems = new(context.Modalities, Width, random);
        shared = Layers.Perceptron(random, Width, Width, Width);
        specific = new(context.Modalities, Width, random);
        composition = Layers.Linear(random, 2 * Width, Width);
        classifier = Layers.Linear(random, Width, stems.Count);
        decoder = new(stems.Count * Width, Width, random);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int Width { get; }

    /// <inheritdoc/>
    public override Representation Represent(Batch batch)
    {
        var common = shared.call(stems.Encode(batch));
        var own = specific.Encode(batch);
        var composed = common + composition.forward(cat([common, own], -1));
        var features = decoder.call(Complete(composed, common, batch.Mask).flatten(1));
        if (!batch.IsTraining)
            return new(features);
        return new(
            features,
            sharedWeight * SharedDistance(common, batch.Mask)
                + specificWeight * ModalityClassification(classifier.forward(own), batch.Mask)
        );
    }

    /// <summary>Fused features [N, M, d]: composed ones where observed, else the mean of the observed shared ones.</summary>
    /// <param name="composed">[N, M, d].</param>
    /// <param name="common">[N, M, d] shared features.</param>
    /// <param name="mask">[N, M].</param>
    internal static Tensor Complete(Tensor composed, Tensor common, Tensor mask)
    {
        var present = mask.unsqueeze(-1);
        var mean = (common * present).sum(1, keepdim: true) / present.sum(1, keepdim: true);
        return where(present.gt(0), composed, mean);
    }

    /// <summary>
    /// Sum over m of the mean absolute difference between the shared features of modalities m and m + 1 (in a circle,
    /// so that two modalities make two equal terms) over the rows that observe both.
    /// </summary>
    /// <param name="common">[N, M, d].</param>
    /// <param name="mask">[N, M].</param>
    internal static Tensor SharedDistance(Tensor common, Tensor mask)
    {
        var distance = (common - common.roll(-1, 1)).abs().mean([2L]);
        return Masked.ColumnMeans(distance, mask * mask.roll(-1, 1)).sum();
    }

    /// <summary>Mean cross-entropy of telling the modality from its specific features, over observed modalities.</summary>
    /// <param name="logits">[N, M, M]; entry (i, m, k) is the score of class k for modality m.</param>
    /// <param name="mask">[N, M].</param>
    internal static Tensor ModalityClassification(Tensor logits, Tensor mask) =>
        Masked.Mean(-nn.functional.log_softmax(logits, 2).diagonal(0, 1, 2), mask);
}
