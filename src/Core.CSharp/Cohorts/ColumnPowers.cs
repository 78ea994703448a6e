namespace CausalDebiasing.Cohorts;

/// <summary>
/// Which columns of numbers need a power transform, and which: the power of greatest likelihood under a normal
/// distribution, for columns whose skewness is material and beyond the noise of sampling. Other columns, among them normal
/// ones and those of two values, are left as they are.
/// </summary>
internal static class ColumnPowers
{
    /// <summary>Values of a column that are looked at, evenly spaced over the rows: the power's standard error is then about 0.05.</summary>
    private const int MostValues = 1000;

    /// <summary>One of so many values at either end is left out, so that no error of recording decides.</summary>
    private const int Tail = 200;

    /// <summary>Skewness from which a distribution is usually called moderately skewed.</summary>
    private const double MaterialSkewness = 0.5;

    /// <summary>In standard errors of a normal sample's skewness.</summary>
    private const double Noise = 5;

    /// <summary>
    /// From the logarithm to its mirror image for the lower tail. Beyond them a tail ends at a bound, so that the most extreme
    /// values, those of the sickest patients, are no longer told apart.
    /// </summary>
    private const double Lowest = 0;
    private const double Highest = 2;

    /// <summary>Come within 0.005 of the best power.</summary>
    private const int Sections = 14;

    private static readonly double Golden = (Math.Sqrt(5) - 1) / 2;

    /// <summary>Per column of a numeric modality its transform, or null.</summary>
    internal static PowerTransform?[] Fit(Cohort train, int m) =>
        [.. Samples(train, m).Select(sample => Of(sample))];

    /// <summary>The transform of one column.</summary>
    /// <param name="sample">Values without NaN; sorted in place.</param>
    internal static PowerTransform? Of(List<float> sample)
    {
        sample.Sort();
        var cut = sample.Count / Tail;
        double[] values = [.. sample.Skip(cut).SkipLast(cut)];
        if (!HasThree(values) || !IsSkewed(values))
            return null;
        var centre = values[values.Length / 2];
        double[] reaches = [.. values.Select(PowerTransform.Reach)];
        double At(double power) => Likelihood(values, reaches, new(power, centre));
        var best = Maximum(At);
        return At(best) > At(1) ? new(best, centre) : null;
    }

    /// <summary>Evenly spaced values of every column.</summary>
    private static List<float>[] Samples(Cohort train, int m)
    {
        var width = train.Modalities[m].Width;
        var counts = new int[width];
        ForEach(train, m, (column, _) => counts[column]++);
        int[] strides = [.. counts.Select(count => Math.Max(1, (count + MostValues - 1) / MostValues))];
        List<float>[] samples = [.. counts.Select(_ => new List<float>())];
        var seen = new int[width];
        ForEach(
            train,
            m,
            (column, value) =>
            {
                if (seen[column]++ % strides[column] == 0)
                    samples[column].Add(value);
            }
        );
        return samples;
    }

    private static void ForEach(Cohort train, int m, Action<int, float> step)
    {
        var width = train.Modalities[m].Width;
        for (var row = 0; row < train.Count; row++)
        {
            if (!train.IsObserved(row, m))
                continue;
            var values = train.Row(m, row);
            for (var i = 0; i < values.Length; i++)
                if (!float.IsNaN(values[i]))
                    step(i % width, values[i]);
        }
    }

    private static bool HasThree(double[] sorted)
    {
        var steps = 0;
        for (var i = 1; i < sorted.Length && steps < 2; i++)
            steps += sorted[i] > sorted[i - 1] ? 1 : 0;
        return steps == 2;
    }

    private static bool IsSkewed(double[] values)
    {
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
        var skewness = Math.Abs(values.Average(value => Cube((value - mean) / deviation)));
        return skewness > Math.Max(MaterialSkewness, Noise * Math.Sqrt(6.0 / values.Length));
    }

    private static double Cube(double value) => value * value * value;

    /// <summary>
    /// Of values that are normal after the transform, at the best mean and deviation and up to a constant; negative infinity
    /// where it has no value.
    /// </summary>
    private static double Likelihood(double[] values, double[] reaches, PowerTransform transform)
    {
        var (sum, squares) = (0.0, 0.0);
        for (var i = 0; i < values.Length; i++)
        {
            var moved = transform.Of(values[i] >= 0, reaches[i]);
            sum += moved;
            squares += moved * moved;
        }
        var mean = sum / values.Length;
        var spread = Math.Log(squares / values.Length - mean * mean);
        var likelihood = LogSlopes(values, reaches, transform) - values.Length / 2.0 * spread;
        return double.IsFinite(likelihood) ? likelihood : double.NegativeInfinity;
    }

    /// <summary>The sum over the values of log T'(x) / T'(c).</summary>
    private static double LogSlopes(double[] values, double[] reaches, PowerTransform transform)
    {
        var sum = 0.0;
        for (var i = 0; i < values.Length; i++)
            sum += values[i] >= 0 ? reaches[i] : -reaches[i];
        var centre = PowerTransform.Reach(transform.Centre) * (transform.Centre >= 0 ? 1 : -1);
        return (transform.Power - 1) * (sum - values.Length * centre);
    }

    /// <summary>Golden-section search.</summary>
    private static double Maximum(Func<double, double> function)
    {
        var (low, high) = (Lowest, Highest);
        var (left, right) = (high - Golden * (high - low), low + Golden * (high - low));
        var (atLeft, atRight) = (function(left), function(right));
        for (var section = 0; section < Sections; section++)
            if (atLeft > atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                left = high - Golden * (high - low);
                atLeft = function(left);
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                right = low + Golden * (high - low);
                atRight = function(right);
            }
        return (low + high) / 2;
    }
}
