using CausalDebiasing.Runtime;

namespace CausalDebiasing.Predictors;

/// <summary>The values of a baseline's hyper-parameters: its defaults with overrides.</summary>
public sealed class Hyperparameters
{
    private readonly Dictionary<string, double> values;

    /// <summary>Defaults of <paramref name="declared"/> replaced by <paramref name="overrides"/>.</summary>
    /// <param name="declared">The hyper-parameters that there are, with different names.</param>
    /// <param name="overrides">Values by name, or null for none.</param>
    /// <exception cref="InputException">An override has an unknown name or a value that is not finite.</exception>
    public Hyperparameters(
        IEnumerable<HyperparameterAttribute> declared,
        IReadOnlyDictionary<string, double>? overrides = null
    )
    {
        values = declared.ToDictionary(parameter => parameter.Name, parameter => parameter.Default);
        foreach (var (name, value) in overrides ?? new Dictionary<string, double>())
        {
            if (!values.ContainsKey(name))
                throw new InputException(
                    $"Unknown hyper-parameter '{name}'; known: {string.Join(", ", values.Keys.Order())}."
                );
            if (!double.IsFinite(value))
                throw new InputException($"Hyper-parameter '{name}' must be a finite number.");
            values[name] = value;
        }
    }

    /// <summary>How the catalogue makes the predictor that these are for; null where they were made by hand.</summary>
    public BaselineRecipe? Recipe { get; internal init; }

    /// <summary>All values by name.</summary>
    internal IReadOnlyDictionary<string, double> Values => values;

    /// <summary>
    /// A value for every declared hyper-parameter, each from a generator of its own that is named after it: declaring
    /// another changes none of them.
    /// </summary>
    internal static IReadOnlyDictionary<string, double> Draw(
        IEnumerable<HyperparameterAttribute> declared,
        Seed seed
    ) =>
        declared.ToDictionary(
            parameter => parameter.Name,
            parameter => parameter.Draw(seed.Derive(parameter.Name))
        );

    /// <summary>The value of a declared hyper-parameter.</summary>
    /// <exception cref="KeyNotFoundException">It is not declared.</exception>
    public double this[string name] => values[name];

    /// <summary>The value of a declared hyper-parameter, rounded to a whole number.</summary>
    /// <exception cref="KeyNotFoundException">It is not declared.</exception>
    public int Whole(string name) => (int)Math.Round(values[name]);

    /// <summary>The value, or a fallback where the baseline does not declare it.</summary>
    internal double Or(string name, double fallback) => values.GetValueOrDefault(name, fallback);
}
