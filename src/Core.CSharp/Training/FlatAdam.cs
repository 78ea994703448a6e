using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Training;

/// <summary>
/// Adam (Kingma and Ba 2015, algorithm 1, with the L2 penalty in the gradient) after clipping the norm of the whole gradient.
/// Parameters that get their first gradient in the same step lie in one buffer from then on, and so do their gradients: a
/// step goes over them once, however many parameters there are. Those that never get a gradient are left as they are.
/// </summary>
internal sealed class FlatAdam : IDisposable
{
    private const double FirstDecay = 0.9,
        SecondDecay = 0.999,
        Epsilon = 1e-8;

    private readonly TrainingOptions options;
    private Parameter[] waiting;
    private readonly List<Buffer> buffers = [];

    internal FlatAdam(IEnumerable<Parameter> parameters, TrainingOptions options)
    {
        this.options = options;
        waiting = [.. parameters];
        foreach (var parameter in waiting)
            parameter.grad = null;
    }

    /// <summary>Takes the gradients that were added up since the last step, and sets them to zero.</summary>
    internal void Step()
    {
        Adopt();
        var norm = Math.Sqrt(buffers.Sum(buffer => buffer.SquaredNorm()));
        var scale = Math.Min(1, options.GradientNorm / (norm + 1e-6));
        foreach (var buffer in buffers)
            buffer.Step((float)scale, options);
    }

    /// <summary>Parameters keep their values and have no gradients.</summary>
    public void Dispose()
    {
        foreach (var buffer in buffers)
            buffer.Dispose();
    }

    private void Adopt()
    {
        if (waiting.Length == 0)
            return;
        // Not by equality, which for tensors is that of their values.
        var byGradient = waiting.ToLookup(HasGradient);
        if (!byGradient.Contains(true))
            return;
        waiting = [.. byGradient[false]];
        buffers.Add(new([.. byGradient[true]]));
    }

    private static bool HasGradient(Parameter parameter)
    {
        using var gradient = parameter.grad;
        return gradient is not null;
    }

    /// <summary>Values, gradients and moments of some parameters, each one after the other with zeros behind them.</summary>
    private sealed class Buffer : IDisposable
    {
        private readonly Parameter[] parameters;
        private readonly Tensor values;
        private readonly Tensor gradients;
        private readonly Vector<float>[] first;
        private readonly Vector<float>[] second;
        private int steps;

        internal Buffer(Parameter[] parameters)
        {
            using var scope = NewDisposeScope();
            using var frozen = no_grad();
            this.parameters = parameters;
            values = Flat(parameters).DetachFromDisposeScope();
            gradients = Flat(parameters.Select(own => own.grad!)).DetachFromDisposeScope();
            first = new Vector<float>[Vectors(values).Length];
            second = new Vector<float>[first.Length];
            var start = 0L;
            foreach (var parameter in parameters)
            {
                var (size, shape) = (parameter.numel(), parameter.shape);
                parameter.set_(values.narrow(0, start, size).view(shape));
                parameter.grad = gradients.narrow(0, start, size).view(shape);
                start += size;
            }
        }

        /// <summary>Of the gradients.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        internal double SquaredNorm()
        {
            var sum = Vector<double>.Zero;
            foreach (var gradient in Vectors(gradients))
            {
                Vector.Widen(gradient, out var low, out var high);
                sum += low * low + high * high;
            }
            return Vector.Sum(sum);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        internal void Step(float scale, TrainingOptions options)
        {
            steps++;
            var decay = (float)options.WeightDecay;
            var (keptFirst, newFirst) = ((float)FirstDecay, (float)(1 - FirstDecay));
            var (keptSecond, newSecond) = ((float)SecondDecay, (float)(1 - SecondDecay));
            var rate = (float)(options.LearningRate / (1 - Math.Pow(FirstDecay, steps)));
            var correction = (float)(1 / Math.Sqrt(1 - Math.Pow(SecondDecay, steps)));
            var epsilon = new Vector<float>((float)Epsilon);
            var own = Vectors(values);
            var gradient = Vectors(gradients);
            for (var i = 0; i < own.Length; i++)
            {
                var g = gradient[i] * scale + own[i] * decay;
                first[i] = first[i] * keptFirst + g * newFirst;
                second[i] = second[i] * keptSecond + g * g * newSecond;
                own[i] -= first[i] * rate / (Vector.SquareRoot(second[i]) * correction + epsilon);
                gradient[i] = Vector<float>.Zero;
            }
        }

        public void Dispose()
        {
            foreach (var parameter in parameters)
                parameter.grad = null;
            values.Dispose();
            gradients.Dispose();
        }

        private static Tensor Flat(IEnumerable<Tensor> tensors)
        {
            Tensor[] parts = [.. tensors.Select(own => own.detach().reshape(-1))];
            var rest = parts.Sum(part => part.numel()) % Vector<float>.Count;
            return cat(rest == 0 ? parts : [.. parts, zeros(Vector<float>.Count - rest)]);
        }

        private static Span<Vector<float>> Vectors(Tensor flat) =>
            MemoryMarshal.Cast<byte, Vector<float>>(flat.bytes);
    }
}
