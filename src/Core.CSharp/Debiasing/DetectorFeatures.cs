using CausalDebiasing.Cohorts;
using CausalDebiasing.Predictors;
using CausalDebiasing.Predictors.Encoders;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>
/// What the detector's score is a linear function of: the numeric inputs and the mask, and if it is deep also the squares
/// of each numeric modality's leading components (imprints that change a spread and not a mean), the codes that are there,
/// and the hidden layer of a small network.
/// </summary>
internal sealed class DetectorFeatures : IDisposable
{
    private const int EncoderWidth = 16;
    private const int Squares = 4;
    private const int LargestVocabulary = 512;

    /// <summary>Recorded values have tails that would pass for clusters.</summary>
    private const double Reach = 3;

    private readonly IReadOnlyList<Modality> modalities;
    private readonly int[] numeric;
    private readonly int[] codes;
    private readonly bool isDeep;
    private readonly Dictionary<int, (Tensor Directions, Tensor Mean, Tensor Deviation)> squares = [];
    private readonly EncoderBank? encoders;
    private readonly Linear? fusion;

    /// <param name="modalities">Of the cohort.</param>
    /// <param name="rows">All training rows, from which the components are taken.</param>
    /// <param name="isDeep">See the type.</param>
    /// <param name="random">For the network's first values.</param>
    internal DetectorFeatures(IReadOnlyList<Modality> modalities, Batch rows, bool isDeep, Generator random)
    {
        this.modalities = modalities;
        this.isDeep = isDeep;
        numeric = DetectorInputs.Numeric(modalities);
        codes =
        [
            .. Enumerable
                .Range(0, modalities.Count)
                .Where(m =>
                    modalities[m].Kind == ModalityKind.Codes && modalities[m].Width <= LargestVocabulary
                ),
        ];
        if (isDeep)
        {
            encoders = new(modalities, EncoderWidth, random);
            fusion = Layers.Linear(random, modalities.Count * EncoderWidth, 2 * EncoderWidth);
            using var inference = no_grad();
            foreach (var m in numeric)
                squares[m] = LeadingSquares(Numbers(rows, m), rows.Mask.select(1, m));
        }
        using var none = no_grad();
        var parts = Parts(rows);
        if (isDeep)
            parts.Add(Hidden(rows));
        Width = parts.Sum(part => part.size(1));
        Groups = GroupsOf(parts);
    }

    /// <summary>Number of features.</summary>
    internal long Width { get; }

    /// <summary>Those of the network.</summary>
    internal IEnumerable<Parameter> Parameters =>
        encoders is null ? [] : [.. encoders.parameters(), .. fusion!.parameters()];

    /// <summary>
    /// Start and width of the groups of features whose leading components are worth a look: the numeric inputs, those of
    /// each modality, the squares, the codes of each modality, and the hidden layer.
    /// </summary>
    internal IReadOnlyList<(long Start, long Width)> Groups { get; }

    /// <summary>[N, Width].</summary>
    internal Tensor Read(Batch batch) => Read(Unlearnt(batch), () => batch);

    /// <summary>The same of rows whose unlearnt features are known.</summary>
    /// <param name="unlearnt">Those of <see cref="Unlearnt"/>.</param>
    /// <param name="batch">The rows, asked for only by the network.</param>
    internal Tensor Read(Tensor unlearnt, Func<Batch> batch) =>
        isDeep ? cat([unlearnt, Hidden(batch())], 1) : unlearnt;

    /// <summary>The features that come before those of the network and do not change with it.</summary>
    internal Tensor Unlearnt(Batch batch) => cat([.. Parts(batch)], 1);

    private List<Tensor> Parts(Batch batch)
    {
        List<Tensor> parts = [.. numeric.Select(m => Numbers(batch, m)), batch.Mask];
        if (!isDeep)
            return parts;
        parts.AddRange(squares.Select(pair => Squared(batch, pair.Key, pair.Value)));
        parts.AddRange(codes.Select(m => Present(batch.Values[m], modalities[m].Width)));
        return parts;
    }

    /// <summary>[N, 2 EncoderWidth].</summary>
    private Tensor Hidden(Batch batch)
    {
        var encoded = nn.functional.relu(encoders!.Encode(batch).flatten(1));
        return nn.functional.relu(fusion!.forward(encoded));
    }

    private static Tensor Numbers(Batch batch, int m) => batch.Values[m].flatten(1).clamp(-Reach, Reach);

    private static Tensor Squared(Batch batch, int m, (Tensor Directions, Tensor Mean, Tensor Deviation) of)
    {
        var squared = Numbers(batch, m).mm(of.Directions).square();
        return (squared - of.Mean) / of.Deviation * batch.Mask.select(1, m).unsqueeze(1);
    }

    private IReadOnlyList<(long, long)> GroupsOf(List<Tensor> parts)
    {
        var starts = parts.Select((_, i) => parts.Take(i).Sum(part => part.size(1))).ToArray();
        (long, long) Join(int first, int count) =>
            (starts[first], parts.Skip(first).Take(count).Sum(part => part.size(1)));
        var groups = new List<(long, long)>();
        if (numeric.Length > 1)
            groups.Add(Join(0, numeric.Length));
        groups.AddRange(Enumerable.Range(0, numeric.Length).Select(i => Join(i, 1)));
        if (!isDeep)
            return groups;
        if (squares.Count > 0)
            groups.Add(Join(numeric.Length + 1, squares.Count));
        var afterMask = numeric.Length + 1 + squares.Count;
        groups.AddRange(Enumerable.Range(afterMask, codes.Length + 1).Select(i => Join(i, 1)));
        return groups;
    }

    /// <summary>Keeps all tensors beyond the current dispose scope.</summary>
    internal void MoveToOuterDisposeScope()
    {
        foreach (var (directions, mean, deviation) in squares.Values)
        {
            directions.MoveToOuterDisposeScope();
            mean.MoveToOuterDisposeScope();
            deviation.MoveToOuterDisposeScope();
        }
        foreach (var parameter in Parameters)
            parameter.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (var (directions, mean, deviation) in squares.Values)
        {
            directions.Dispose();
            mean.Dispose();
            deviation.Dispose();
        }
        encoders?.Dispose();
        fusion?.Dispose();
    }

    private static (Tensor, Tensor, Tensor) LeadingSquares(Tensor values, Tensor observed)
    {
        var rows = values.index_select(0, observed.gt(0).nonzero().squeeze(-1));
        if (rows.size(0) == 0)
            rows = values;
        var (_, vectors) = linalg.eigh(rows.transpose(0, 1).mm(rows));
        var count = Math.Min(Squares, vectors.size(1));
        var directions = vectors.narrow(1, vectors.size(1) - count, count).contiguous();
        var squared = rows.mm(directions).square();
        return (directions, squared.mean([0L]), squared.std(0, unbiased: false).clamp_min(1e-6));
    }

    /// <summary>[N, vocabulary], 1 where the code is among the slots.</summary>
    private static Tensor Present(Tensor codes, int vocabulary)
    {
        var flags = zeros(codes.size(0), vocabulary + 1);
        var index = codes.to(ScalarType.Int64);
        flags.scatter_(1, index, ones_like(index).to(ScalarType.Float32));
        return flags.narrow(1, 1, vocabulary);
    }
}
