using CausalDebiasing.Cohorts;
using MathNet.Numerics;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Networks;

/// <summary>Layers whose initial values and dropout masks come from a given generator, so that a fit repeats bit for bit.</summary>
public static class Layers
{
    /// <summary>A linear layer with weights and biases uniform in +-1/sqrt(inputs): [.., inputs] to [.., outputs].</summary>
    /// <param name="random">Source of the values.</param>
    /// <param name="inputs">At least 1.</param>
    /// <param name="outputs">At least 1.</param>
    /// <param name="bias">Whether a constant is added.</param>
    public static Linear Linear(Generator random, long inputs, long outputs, bool bias = true)
    {
        var layer = nn.Linear(inputs, outputs, bias);
        Uniform(layer, 1 / Math.Sqrt(inputs), random);
        return layer;
    }

    /// <summary>
    /// A linear layer of one logit that starts at the prevalence. From 0 it would first fall, overshoot where events are
    /// rare, and have the stopping rule keep an epoch from before anything was learnt (Karpathy 2019; Lin et al. 2017,
    /// section 4.1).
    /// </summary>
    internal static Linear Logit(Generator random, long inputs, double prevalence)
    {
        var layer = Linear(random, inputs, 1);
        var p = Math.Clamp(prevalence, 1e-3, 1 - 1e-3);
        using var frozen = no_grad();
        layer.bias!.fill_(SpecialFunctions.Logit(p));
        return layer;
    }

    /// <summary>A GRU of one layer with all parameters uniform in +-1/sqrt(hidden): [N, steps, inputs] to [N, steps, hidden].</summary>
    /// <param name="random">Source of the values.</param>
    /// <param name="inputs">Channels per step, at least 1.</param>
    /// <param name="hidden">Width of the state, at least 1.</param>
    public static GRU Gru(Generator random, long inputs, long hidden)
    {
        var layer = nn.GRU(inputs, hidden, batchFirst: true);
        Uniform(layer, 1 / Math.Sqrt(hidden), random);
        return layer;
    }

    /// <summary>An embedding table drawn from a normal distribution with mean 0: [..] (Int64) to [.., width].</summary>
    /// <param name="random">Source of the values.</param>
    /// <param name="count">Rows of the table, which indices from 0 name.</param>
    /// <param name="width">At least 1.</param>
    /// <param name="sd">Standard deviation, at least 0.</param>
    public static Embedding Embedding(Generator random, long count, long width, double sd = 1)
    {
        var layer = nn.Embedding(count, width);
        using (no_grad())
            layer.weight!.normal_(0, sd, random);
        return layer;
    }

    /// <summary>A parameter drawn from a normal distribution with mean 0.</summary>
    /// <param name="random">Source of the values.</param>
    /// <param name="sd">Standard deviation, at least 0.</param>
    /// <param name="shape">Its shape.</param>
    public static Parameter Parameter(Generator random, double sd, params long[] shape)
    {
        using (no_grad())
            return new Parameter(zeros(shape).normal_(0, sd, random));
    }

    /// <summary>Linear, ReLU, Linear, the small network used throughout: [.., inputs] to [.., outputs].</summary>
    /// <param name="random">Source of the values.</param>
    /// <param name="inputs">At least 1.</param>
    /// <param name="hidden">Width of the layer between, at least 1.</param>
    /// <param name="outputs">At least 1.</param>
    public static Sequential Perceptron(Generator random, long inputs, long hidden, long outputs) =>
        nn.Sequential(Linear(random, inputs, hidden), nn.ReLU(), Linear(random, hidden, outputs));

    /// <summary>Inverted dropout with a mask from the batch's generator; the identity when predicting.</summary>
    /// <param name="input">Of any shape, which the result has too.</param>
    /// <param name="probability">Of setting a number to 0, below 1; nothing is done where it is 0 or less.</param>
    /// <param name="batch">Whose generator decides.</param>
    public static Tensor Dropout(Tensor input, double probability, Batch batch)
    {
        if (batch.Random is null || probability <= 0)
            return input;
        var kept = rand(input.shape, generator: batch.Random).ge(probability).to(ScalarType.Float32);
        return input * kept.div_(1 - probability);
    }

    private static void Uniform(nn.Module layer, double bound, Generator random)
    {
        using (no_grad())
            foreach (var parameter in layer.parameters())
                parameter.uniform_(-bound, bound, random);
    }
}
