using CausalDebiasing.Baselines.Shared;
using CausalDebiasing.Catalogue;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Networks;
using CausalDebiasing.Networks.Encoders;
using CausalDebiasing.Predictors;
using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Baselines;

/// <summary>
/// CalMRL, calibrated multimodal representation learning (arXiv 2511.12034): missing modality vectors are replaced by
/// their expectation under a linear-Gaussian model with shared factors (<see cref="SharedFactorModel"/>), the completed
/// vectors are aligned, averaged and fused. Loss: BCE + alpha * mean of -log softmax(lambda / tau)_1, lambda the
/// singular values of a row's M unit-length vectors, largest first; tau = 0.1.
/// </summary>
/// <remarks>
/// Five sweeps of expectation-maximisation before every epoch on the present vectors as constants, in float64.
/// Deviations: 8 factors and d = 32 instead of larger ones; the M-step is derived here, as the paper's code has not
/// been read; without instance uniformity on the leading singular vector and the matching loss, which serve retrieval.
/// </remarks>
[Baseline(
    "calmrl",
    Title = "CalMRL",
    Year = 2025,
    Paper = "arXiv:2511.12034",
    Family = BaselineFamily.Imputation
)]
[Hyperparameter("width", 32, 16, 128, Logarithmic = true, Step = 8)]
[Hyperparameter("lr", 2e-3, 1e-4, 1e-2, Logarithmic = true)]
[Hyperparameter("factors", 8, 2, 16, Logarithmic = true, Step = 1)]
[Hyperparameter("alignment", 0.1, 0.01, 1, Logarithmic = true)]
public sealed class CalMrl : Backbone
{
    private const int Sweeps = 5;
    private const double Temperature = 0.1;

    private readonly double alignment;
    private readonly EncoderBank encoders;
    private readonly SharedFactorModel factors;
    private readonly ConcatenationFusion fusion;

    /// <summary>Builds the untrained network.</summary>
    public CalMrl(BackboneContext context)
        : base(nameof(CalMrl))
    {
        Width = context.Hyperparameters.Whole("width");
        alignment = context.Hyperparameters["alignment"];
        encoders = new(context.Modalities, Width, context.Random);
        factors = new(encoders.Count, Width, context.Hyperparameters.Whole("factors"), context.Random);
        fusion = new(Width, Width, context.Random);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int Width { get; }

    /// <inheritdoc/>
    public override void BeginEpoch(TrainingRows rows, int epoch)
    {
        using var scope = NewDisposeScope();
        var encodings = Encodings.Of(rows, encoders);
        var (vectors, mask) = (
            encodings.Vectors.to(ScalarType.Float64),
            encodings.Mask.to(ScalarType.Float64)
        );
        if (epoch == 1)
            factors.Initialise(vectors, mask);
        for (var sweep = 0; sweep < Sweeps; sweep++)
            factors.Sweep(vectors, mask);
    }

    /// <inheritdoc/>
    public override Representation Represent(Batch batch)
    {
        var vectors = encoders.Encode(batch).to(ScalarType.Float64);
        var filled = factors.Fill(vectors, batch.Mask.to(ScalarType.Float64)).to(ScalarType.Float32);
        var features = fusion.call(filled.mean([1L]));
        return batch.IsTraining
            ? new(features, alignment * AlignmentLoss(filled, Temperature))
            : new(features);
    }

    /// <summary>
    /// Mean over the rows of -log softmax(lambda / tau)_1, lambda the singular values of the row's unit-length
    /// vectors; 0 when all vectors of every row are parallel and tau is small.
    /// </summary>
    /// <param name="vectors">[N, M, d].</param>
    /// <param name="temperature">tau.</param>
    internal static Tensor AlignmentLoss(Tensor vectors, double temperature)
    {
        var unit = vectors / vectors.square().sum([-1L], keepdim: true).clamp_min(1e-12).sqrt();
        var squares = linalg.eigvalsh(unit.bmm(unit.transpose(1, 2)));
        var scaled = squares.clamp_min(1e-6).sqrt() / temperature;
        return -nn.functional.log_softmax(scaled, -1).select(1, -1).mean();
    }
}
