using CausalDebiasing.Cohorts;
using MathNet.Numerics.LinearAlgebra;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// How far a modality's values are from the middle along their leading component, squared: what multiplies values of
/// either sign shows here and in no mean.
/// </summary>
internal sealed record LeadingSpread : ScoreColumn
{
    /// <summary>Columns below which there is no component.</summary>
    private const int LeastColumns = 3;

    private readonly (ScoreColumn Column, float[] Sorted)[] columns;
    private readonly double[] direction;

    private LeadingSpread(int modality, (ScoreColumn, float[])[] columns, double[] direction)
        : base(modality) => (this.columns, this.direction) = (columns, direction);

    /// <summary>Of the columns of a modality with many values and their sorted training values; null where they are few.</summary>
    internal static LeadingSpread? Fit(Cohort train, int modality, (ScoreColumn, float[])[] columns)
    {
        if (columns.Length < LeastColumns)
            return null;
        var scores = Matrix<double>.Build.DenseOfColumns(columns.Select(column => Scores(train, column)));
        var components = scores.TransposeThisAndMultiply(scores).Evd(Symmetricity.Symmetric);
        return new(modality, columns, [.. components.EigenVectors.Column(columns.Length - 1)]);
    }

    internal override float[] Read(Cohort cohort)
    {
        var along = new double[cohort.Count];
        for (var j = 0; j < columns.Length; j++)
        {
            var scores = Scores(cohort, columns[j]);
            for (var row = 0; row < along.Length; row++)
                along[row] += direction[j] * scores[row];
        }
        return
        [
            .. along.Select(
                (value, row) => cohort.IsObserved(row, Modality) ? (float)(value * value) : float.NaN
            ),
        ];
    }

    /// <summary>Normal scores, 0 where nothing was recorded.</summary>
    private static double[] Scores(Cohort cohort, (ScoreColumn Column, float[] Sorted) own) =>
        [
            .. own
                .Column.Read(cohort)
                .Select(value => float.IsNaN(value) ? 0 : NormalScore.Of(own.Sorted, value, 0.5)),
        ];
}
