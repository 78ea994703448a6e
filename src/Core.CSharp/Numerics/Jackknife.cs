namespace CausalDebiasing.Numerics;

/// <summary>The grouped jackknife (Efron 1982, chapter 3).</summary>
internal static class Jackknife
{
    /// <summary>Number of groups of rows that are left out in turn: a row is in the group of its position modulo this.</summary>
    internal const int Groups = 20;

    /// <summary>The standard error of a statistic.</summary>
    /// <param name="without">The statistic without each of the groups, [<see cref="Groups"/>].</param>
    internal static double StandardError(double[] without)
    {
        var mean = without.Average();
        var squares = without.Sum(own => (own - mean) * (own - mean));
        return Math.Sqrt(squares * (Groups - 1) / Groups);
    }
}
