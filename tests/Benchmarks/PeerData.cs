using System.Runtime.InteropServices;
using System.Text.Json;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Runtime;

namespace CausalDebiasing.Benchmarks;

/// <summary>The rows that the suite and its peer train with, and the order of their batches.</summary>
internal static class PeerData
{
    internal const int TrainingRows = 6000;

    private const double Shift = 0.06;

    internal static Cohort Train { get; } = RandomCohort.Draw(TrainingRows, 1, Shift);

    internal static Cohort Validation { get; } = RandomCohort.Draw(1500, 2, Shift);

    internal static Cohort Test { get; } = RandomCohort.Draw(6000, 3, Shift);

    /// <summary>Writes the rows as raw numbers, little-endian: values [M, N, F], mask [N, M] and labels [N].</summary>
    internal static void Write(string folder)
    {
        foreach (var (part, cohort) in new[] { ("train", Train), ("validation", Validation), ("test", Test) })
        {
            var modalities = Enumerable.Range(0, cohort.Modalities.Count);
            Put($"{part}-values.f32", [.. modalities.SelectMany(m => cohort.Values(m).ToArray())]);
            Put($"{part}-mask.f32", [.. cohort.Mask.ToArray().Select(observed => observed ? 1f : 0f)]);
            Put($"{part}-labels.f32", cohort.Labels.ToArray());
        }
        var shape = new { modalities = Train.Modalities.Count, features = Train.Modalities[0].Width };
        File.WriteAllText(Path.Combine(folder, "shape.json"), JsonSerializer.Serialize(shape));

        void Put(string name, float[] numbers) =>
            File.WriteAllBytes(Path.Combine(folder, name), MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray());
    }

    /// <summary>Writes in which order the training loop of the suite takes the rows, epoch after epoch (Int32).</summary>
    internal static void WriteOrder(string folder, ulong seed, int epochs)
    {
        var random = new Random(new Seed(seed).Derive("order").ToInt32());
        using var file = File.Create(Path.Combine(folder, $"order-{seed}.i32"));
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            int[] shuffled = [.. Enumerable.Range(0, TrainingRows)];
            random.Shuffle(shuffled);
            file.Write(MemoryMarshal.AsBytes(shuffled.AsSpan()));
        }
    }
}
