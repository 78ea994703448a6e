using CausalDebiasing.Predictors;
using CausalDebiasing.Runtime;

namespace CausalDebiasing.Training;

/// <summary>How a network is trained. The defaults are the same for every baseline, plain or wrapped.</summary>
public sealed record TrainingOptions
{
    /// <summary>Most passes over the training rows, at least 1.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Rows per step, at least 1; the last step of an epoch may have fewer.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Adam's step size, above 0.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>L2 penalty added to the gradient, at least 0.</summary>
    public double WeightDecay { get; init; } = 1e-4;

    /// <summary>Largest Euclidean norm of the whole gradient, above 0.</summary>
    public double GradientNorm { get; init; } = 5;

    /// <summary>Training stops after this many epochs, at least 1, without improvement of the selection rule.</summary>
    public int Patience { get; init; } = 5;

    /// <summary>Which epoch is kept.</summary>
    public SelectionRule Selection { get; init; } = SelectionRule.ValidationLogLoss;

    /// <exception cref="InputException">A number is outside its range.</exception>
    internal TrainingOptions Checked()
    {
        static void Require(bool holds, string name, object value, string range)
        {
            if (!holds)
                throw new InputException(
                    $"{name} {value} is not {range}; correct the {nameof(TrainingOptions)}."
                );
        }
        Require(Epochs >= 1, nameof(Epochs), Epochs, "1 or more");
        Require(BatchSize >= 1, nameof(BatchSize), BatchSize, "1 or more");
        Require(
            LearningRate > 0 && double.IsFinite(LearningRate),
            nameof(LearningRate),
            LearningRate,
            "above 0"
        );
        Require(
            WeightDecay >= 0 && double.IsFinite(WeightDecay),
            nameof(WeightDecay),
            WeightDecay,
            "0 or more"
        );
        Require(GradientNorm > 0, nameof(GradientNorm), GradientNorm, "above 0");
        Require(Patience >= 1, nameof(Patience), Patience, "1 or more");
        Require(Enum.IsDefined(Selection), nameof(Selection), Selection, "a rule that exists");
        return this;
    }

    /// <summary>The defaults with what a baseline declares as <c>epochs</c>, <c>batch</c>, <c>lr</c> or <c>decay</c>.</summary>
    public static TrainingOptions From(Hyperparameters values)
    {
        var defaults = new TrainingOptions();
        return defaults with
        {
            Epochs = (int)values.Or("epochs", defaults.Epochs),
            BatchSize = (int)values.Or("batch", defaults.BatchSize),
            LearningRate = values.Or("lr", defaults.LearningRate),
            WeightDecay = values.Or("decay", defaults.WeightDecay),
        };
    }
}
