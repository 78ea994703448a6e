namespace CausalDebiasing.Numerics;

/// <summary>The grouped jackknife (Efron 1982, chapter 3).</summary>
internal static class Jackknife
{
    private const int Groups = 20;

    /// <summary>The standard error of a statistic of rows, from leaving out every twentieth of them in turn.</summary>
    /// <param name="count">Number of rows.</param>
    /// <param name="statistic">Of some of the rows, given by position.</param>
    internal static double StandardError(int count, Func<IEnumerable<int>, double> statistic)
    {
        var all = Enumerable.Range(0, count);
        double[] without =
        [
            .. Enumerable.Range(0, Groups).Select(g => statistic(all.Where(row => row % Groups != g))),
        ];
        var mean = without.Average();
        var squares = without.Sum(own => (own - mean) * (own - mean));
        return Math.Sqrt(squares * (Groups - 1) / Groups);
    }
}
