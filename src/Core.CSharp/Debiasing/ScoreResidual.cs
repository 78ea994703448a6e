using CausalDebiasing.Cohorts;
using CausalDebiasing.Runtime;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// What of a score is left once the means that each modality's presence gives it in either outcome class, over all sites,
/// are taken out (least squares). A score reads nothing off a modality that is missing, so that without this a site that
/// lacks a modality would look like one where the score's contrast between the classes is smaller.
/// </summary>
internal static class ScoreResidual
{
    /// <summary>The residuals of some scores, per score one number per row.</summary>
    internal static float[][] Of(Cohort rows, IReadOnlyList<float[]> scores)
    {
        using var scope = NewDisposeScope();
        var design = Design(rows);
        var across = design.transpose(0, 1);
        var gram = across.mm(design);
        var inverse = linalg.inv(gram + eye(gram.size(0), dtype: ScalarType.Float64));
        var values = stack(scores.Select(score => tensor(score)), 1).to(ScalarType.Float64);
        var residual = values - design.mm(inverse.mm(across.mm(values)));
        return [.. residual.transpose(0, 1).to(ScalarType.Float32).Elements<float>().Chunk(rows.Count)];
    }

    /// <summary>[n, 2 (M + 1)]: presence and 1, for either class.</summary>
    private static Tensor Design(Cohort rows)
    {
        var mask = tensor(
            [.. rows.Mask.ToArray().Select(observed => observed ? 1.0 : 0)],
            [rows.Count, rows.Modalities.Count]
        );
        var label = tensor(rows.Labels.ToArray()).to(ScalarType.Float64).unsqueeze(1);
        var presence = cat([mask, ones_like(label)], 1);
        return cat([presence * (1 - label), presence * label], 1);
    }
}
