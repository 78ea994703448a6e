using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using static TorchSharp.torch;

namespace CausalDebiasing.Predictors;

/// <summary>How values are stored in a <see cref="SealedContent"/>: as JSON with names for enumerations, and finite.</summary>
public static class StoredValues
{
    private static readonly JsonSerializerOptions Json = new()
    {
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        // Programs of one file, among others, have it only where it is asked for.
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>Writes a value.</summary>
    /// <exception cref="NotFiniteNumberException">It holds a number that is not finite.</exception>
    public static void WriteJson<T>(this BinaryWriter writer, T value)
    {
        try
        {
            writer.Write(JsonSerializer.Serialize(value, Json));
        }
        catch (ArgumentException)
        {
            throw new NotFiniteNumberException();
        }
    }

    /// <summary>Reads what <see cref="WriteJson"/> wrote.</summary>
    /// <exception cref="JsonException">It has a member or the name of a choice that this build does not know.</exception>
    public static T ReadJson<T>(this BinaryReader reader) =>
        JsonSerializer.Deserialize<T>(reader.ReadString(), Json)!;

    /// <summary>Refuses numbers that are not finite.</summary>
    /// <exception cref="NotFiniteNumberException">One is not.</exception>
    public static void RequireFinite<T>(IEnumerable<T> numbers)
        where T : IFloatingPointIeee754<T>
    {
        if (!numbers.All(T.IsFinite))
            throw new NotFiniteNumberException();
    }

    /// <summary>The same of all parameters and buffers of a network.</summary>
    internal static void RequireFinite(nn.Module network)
    {
        using var scope = NewDisposeScope();
        foreach (var value in network.state_dict().Values)
            if (value.is_floating_point() && !value.isfinite().all().item<bool>())
                throw new NotFiniteNumberException();
    }
}
