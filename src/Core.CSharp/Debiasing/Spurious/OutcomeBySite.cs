using CausalDebiasing.Runtime;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;

namespace CausalDebiasing.Debiasing;

/// <summary>Whether the difference of the outcomes' means in one column differs by site: an analysis of variance.</summary>
internal static class OutcomeBySite
{
    /// <summary>
    /// Probability of so large an F where outcome and site add up, for every column; 1 where sites cannot be compared.
    /// </summary>
    internal static double[] P(PracticeRows rows)
    {
        var (values, observed) = (rows.Values.Elements<double>(), rows.Observed.Elements<double>());
        return [.. Enumerable.Range(0, rows.Width).Select(j => P(rows, values, observed, j))];
    }

    private static double P(PracticeRows rows, double[] values, double[] observed, int j)
    {
        var sites = rows.Sites.Max() + 1;
        var (counts, sums, squares) = (new double[sites * 2], new double[sites * 2], 0.0);
        for (var row = 0; row < rows.Count; row++)
        {
            var at = row * rows.Width + j;
            if (observed[at] == 0)
                continue;
            var cell = rows.Sites[row] * 2 + rows.Outcomes[row];
            counts[cell]++;
            sums[cell] += values[at];
            squares += values[at] * values[at];
        }
        var compared = Enumerable
            .Range(0, sites)
            .Where(e => counts[e * 2] > 0 && counts[e * 2 + 1] > 0)
            .ToArray();
        var within = squares - Enumerable.Range(0, sites * 2).Sum(c => Explained(sums[c], counts[c]));
        var free = counts.Sum() - counts.Count(count => count > 0);
        if (compared.Length < 2 || free < 1 || within <= 0)
            return 1;
        // Sites with one outcome fit in either model.
        var both = compared.SelectMany(e => new[] { e * 2, e * 2 + 1 }).ToArray();
        var explained = both.Sum(c => Explained(sums[c], counts[c]));
        var (degrees, interaction) = (compared.Length - 1, explained - Additive(compared, counts, sums));
        return 1 - FisherSnedecor.CDF(degrees, free, Math.Max(0, interaction / degrees / (within / free)));
    }

    private static double Explained(double sum, double count) => count > 0 ? sum * sum / count : 0;

    /// <summary>The sum of squares that site and outcome explain without interaction.</summary>
    private static double Additive(int[] sites, double[] counts, double[] sums)
    {
        var gram = Matrix<double>.Build.Dense(sites.Length + 1, sites.Length + 1);
        var cross = Vector<double>.Build.Dense(sites.Length + 1);
        for (var i = 0; i < sites.Length; i++)
        {
            var (none, some) = (sites[i] * 2, sites[i] * 2 + 1);
            gram[i, i] = counts[none] + counts[some];
            gram[i, sites.Length] = gram[sites.Length, i] = counts[some];
            gram[sites.Length, sites.Length] += counts[some];
            cross[i] = sums[none] + sums[some];
            cross[sites.Length] += sums[some];
        }
        return gram.Solve(cross) * cross;
    }
}
