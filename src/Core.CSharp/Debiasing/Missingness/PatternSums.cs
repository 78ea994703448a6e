using System.Numerics;

namespace CausalDebiasing.Debiasing;

/// <summary>Adds up rows, or takes them away again, for their <see cref="PatternMoments"/>.</summary>
internal sealed class PatternSums(int modalities)
{
    private readonly double[] presences = new double[modalities];
    private readonly double[] products = new double[modalities * modalities];
    private readonly double[] risks = new double[modalities];
    private int count;
    private double risk;
    private double squares;

    /// <summary>Of the rows that are in it.</summary>
    internal PatternMoments Moments
    {
        get
        {
            var n = Math.Max(1, count);
            return new()
            {
                Count = count,
                Presences =
                [
                    .. products.Select(
                        (sum, i) => sum - presences[i / modalities] * presences[i % modalities] / n
                    ),
                ],
                PresencesAndRisk = [.. risks.Select((sum, m) => sum - presences[m] * risk / n)],
                Risk = squares - risk * risk / n,
            };
        }
    }

    /// <summary>Adds a row.</summary>
    internal void Add(int pattern, double own)
    {
        count++;
        risk += own;
        squares += own * own;
        for (var rest = (uint)pattern; rest != 0; rest &= rest - 1)
        {
            var m = BitOperations.TrailingZeroCount(rest);
            presences[m]++;
            risks[m] += own;
            for (var others = (uint)pattern; others != 0; others &= others - 1)
                products[m * modalities + BitOperations.TrailingZeroCount(others)]++;
        }
    }

    /// <summary>These rows without some that are among them.</summary>
    internal PatternSums Less(PatternSums some)
    {
        var rest = new PatternSums(modalities)
        {
            count = count - some.count,
            risk = risk - some.risk,
            squares = squares - some.squares,
        };
        Subtract(presences, some.presences, rest.presences);
        Subtract(products, some.products, rest.products);
        Subtract(risks, some.risks, rest.risks);
        return rest;
    }

    private static void Subtract(double[] all, double[] some, double[] rest)
    {
        for (var i = 0; i < rest.Length; i++)
            rest[i] = all[i] - some[i];
    }
}
