using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Training;

/// <summary>
/// Adam (Kingma and Ba 2015, algorithm 1, with the L2 penalty in the gradient) after clipping the norm of the whole gradient.
/// Parameters that get their first gradient in the same step lie in one buffer from then on, and so do their gradients: a
/// step costs a few operations, however many parameters there are. Those that never get one are left as they are.
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
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        Adopt();
        if (buffers.Count == 0)
            return;
        var norm = stack(buffers.Select(own => own.Gradient.norm())).norm();
        var scale = (options.GradientNorm / (norm + 1e-6)).clamp_max(1);
        foreach (var buffer in buffers)
            buffer.Step(scale, options);
    }

    /// <summary>Parameters keep their values and have no gradients.</summary>
    public void Dispose()
    {
        foreach (var buffer in buffers)
            buffer.Dispose();
    }

    private void Adopt()
    {
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

    /// <summary>Values, gradients and moments of some parameters, each [sum of their sizes].</summary>
    private sealed class Buffer : IDisposable
    {
        private readonly Parameter[] parameters;
        private readonly Tensor values;
        private readonly Tensor first;
        private readonly Tensor second;
        private int steps;

        internal Buffer(Parameter[] parameters)
        {
            this.parameters = parameters;
            values = Flat(parameters).DetachFromDisposeScope();
            Gradient = Flat(parameters.Select(own => own.grad!)).DetachFromDisposeScope();
            first = zeros_like(values).DetachFromDisposeScope();
            second = zeros_like(values).DetachFromDisposeScope();
            var start = 0L;
            foreach (var parameter in parameters)
            {
                var (size, shape) = (parameter.numel(), parameter.shape);
                parameter.set_(values.narrow(0, start, size).view(shape));
                parameter.grad = Gradient.narrow(0, start, size).view(shape);
                start += size;
            }
        }

        internal Tensor Gradient { get; }

        internal void Step(Tensor scale, TrainingOptions options)
        {
            steps++;
            Gradient.mul_(scale).add_(values, alpha: options.WeightDecay);
            first.mul_(FirstDecay).add_(Gradient, alpha: 1 - FirstDecay);
            second.mul_(SecondDecay).addcmul_(Gradient, Gradient, value: 1 - SecondDecay);
            var deviation = second.sqrt().div_(Math.Sqrt(1 - Math.Pow(SecondDecay, steps))).add_(Epsilon);
            values.addcdiv_(
                first,
                deviation,
                value: -options.LearningRate / (1 - Math.Pow(FirstDecay, steps))
            );
            Gradient.zero_();
        }

        public void Dispose()
        {
            foreach (var parameter in parameters)
                parameter.grad = null;
            foreach (var buffer in (Tensor[])[values, Gradient, first, second])
                buffer.Dispose();
        }

        private static Tensor Flat(IEnumerable<Tensor> tensors) =>
            cat([.. tensors.Select(own => own.detach().reshape(-1))]);
    }
}
