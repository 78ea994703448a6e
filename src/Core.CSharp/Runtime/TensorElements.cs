using System.Runtime.InteropServices;
using TorchSharp;

namespace CausalDebiasing.Runtime;

/// <summary>Reading tensors back.</summary>
internal static class TensorElements
{
    /// <summary>
    /// The elements in row-major order, copied as one block: the accessor reads them one by one, which costs more than
    /// most products of matrices.
    /// </summary>
    /// <param name="tensor">On the CPU.</param>
    /// <exception cref="ArgumentException">The tensor does not hold <typeparamref name="T"/>.</exception>
    internal static T[] Elements<T>(this torch.Tensor tensor)
        where T : unmanaged
    {
        var whole = tensor.contiguous();
        using var ofSameType = whole.data<T>();
        return MemoryMarshal.Cast<byte, T>(whole.bytes).ToArray();
    }
}
