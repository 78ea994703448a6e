using CausalDebiasing.Runtime;

namespace CausalDebiasing.Predictors;

/// <summary>Declares a hyper-parameter of a baseline, its default and the range that a search may draw from.</summary>
/// <param name="name">For example <c>width</c>.</param>
/// <param name="value">Default.</param>
/// <param name="low">Smallest value of the search range.</param>
/// <param name="high">Largest value of the search range.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class HyperparameterAttribute(string name, double value, double low, double high) : Attribute
{
    /// <summary>
    /// Key of <see cref="Hyperparameters"/>. What a backbone declares as <c>epochs</c>, <c>batch</c>, <c>lr</c> or <c>decay</c>
    /// the training loop takes (<see cref="Training.TrainingOptions.From"/>).
    /// </summary>
    public string Name { get; } = name;

    /// <summary>The value without an override.</summary>
    public double Default { get; } = value;

    /// <summary>Smallest value of the search range.</summary>
    public double Low { get; } = low;

    /// <summary>Largest value of the search range.</summary>
    public double High { get; } = high;

    /// <summary>Whether the range is searched on a logarithmic scale; both ends are then above 0.</summary>
    public bool Logarithmic { get; init; }

    /// <summary>Searched values are multiples of it, 1 for whole numbers; 0 where any number will do.</summary>
    public double Step { get; init; }

    /// <summary>A value from the search range: uniform in it, or in its logarithm, then rounded to a multiple of the step.</summary>
    internal double Draw(Seed seed)
    {
        var share = (seed.Value >> 11) * Math.Pow(2, -53);
        var value = Logarithmic ? Low * Math.Pow(High / Low, share) : Low + (High - Low) * share;
        return Step > 0 ? Math.Clamp(Math.Round(value / Step) * Step, Low, High) : value;
    }
}
