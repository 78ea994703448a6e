using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using TorchSharp;

namespace CausalDebiasing.Runtime;

/// <summary>
/// A named source of randomness. Child seeds are SHA-256 hashes of the parent and a name, so every consumer
/// ("world", "split", "initialisation", "batch order") has its own stream and adding one shifts no other.
/// </summary>
/// <param name="Value">64-bit state from which generators are seeded.</param>
public readonly record struct Seed(ulong Value)
{
    /// <summary>The child seed with the given name: the same for the same parent and name, on every machine.</summary>
    public Seed Derive(string name)
    {
        var text = Encoding.UTF8.GetBytes(name);
        var bytes = new byte[8 + text.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Value);
        text.CopyTo(bytes, 8);
        return new Seed(BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(bytes)));
    }

    /// <summary>The child seed with the given name and number, for example a fold or an epoch.</summary>
    public Seed Derive(string name, long number) => Derive(FormattableString.Invariant($"{name}/{number}"));

    /// <summary>A non-negative 32-bit value for generators that take one.</summary>
    public int ToInt32() => (int)(Value & 0x7FFF_FFFF);

    /// <summary>A torch generator on the CPU, independent of the process-global one; the caller disposes of it.</summary>
    public torch.Generator ToGenerator()
    {
        TorchRuntime.EnsureLoadable();
        return new(Value & 0x7FFF_FFFF_FFFF_FFFF, torch.CPU);
    }
}
