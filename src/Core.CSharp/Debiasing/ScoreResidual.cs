using CausalDebiasing.Cohorts;
using MathNet.Numerics.LinearAlgebra;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// What of a score is left once the means that each modality's presence gives it in either outcome class, over all sites,
/// are taken out (least squares). A score reads nothing off a modality that is missing, so that without this a site that
/// lacks a modality would look like one where the score's contrast between the classes is smaller.
/// </summary>
internal sealed class ScoreResidual
{
    private readonly Matrix<double> design;
    private readonly Matrix<double> solve;

    /// <summary>Of scores of these rows.</summary>
    internal ScoreResidual(Cohort rows)
    {
        var modalities = rows.Modalities.Count;
        design = Matrix<double>.Build.Dense(rows.Count, 2 * (modalities + 1));
        for (var row = 0; row < rows.Count; row++)
        {
            var offset = rows.Labels[row] > 0 ? modalities + 1 : 0;
            for (var m = 0; m < modalities; m++)
                design[row, offset + m] = rows.IsObserved(row, m) ? 1 : 0;
            design[row, offset + modalities] = 1;
        }
        var gram = design.TransposeThisAndMultiply(design);
        solve = (gram + Matrix<double>.Build.DenseIdentity(gram.RowCount)).Inverse();
    }

    /// <summary>The residual of a score, one number per row.</summary>
    internal float[] Of(float[] score)
    {
        var values = Vector<double>.Build.Dense(score.Length, row => score[row]);
        var residual = values - design * (solve * design.TransposeThisAndMultiply(values));
        return [.. residual.Select(value => (float)value)];
    }
}
