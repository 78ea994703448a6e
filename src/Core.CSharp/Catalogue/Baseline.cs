using System.Reflection;
using CausalDebiasing.Networks;
using CausalDebiasing.Predictors;
using CausalDebiasing.Runtime;
using CausalDebiasing.Training;

namespace CausalDebiasing.Catalogue;

/// <summary>A discovered baseline: what it is and how to make one.</summary>
public sealed class Baseline
{
    private readonly Type type;

    internal Baseline(Type type, BaselineAttribute info)
    {
        this.type = type;
        Info = info;
        Hyperparameters = [.. type.GetCustomAttributes<HyperparameterAttribute>()];
    }

    /// <summary>Identifier, title, year, paper and family.</summary>
    public BaselineAttribute Info { get; }

    /// <summary>Hyper-parameters with defaults and search ranges.</summary>
    public IReadOnlyList<HyperparameterAttribute> Hyperparameters { get; }

    private bool IsBackbone => typeof(Backbone).IsAssignableFrom(type);

    /// <summary>The overrides that a search tries as its candidate of this number: none for 0, random ones after it.</summary>
    /// <param name="seed">Seed of the search; each baseline draws from a child of its own.</param>
    /// <param name="number">From 0.</param>
    public IReadOnlyDictionary<string, double> Candidate(Seed seed, int number) =>
        number == 0
            ? new Dictionary<string, double>()
            : Predictors.Hyperparameters.Draw(
                Hyperparameters,
                seed.Derive(Info.Id).Derive("candidate", number)
            );

    /// <summary>A new, unfitted predictor.</summary>
    /// <param name="overrides">Hyper-parameter values that differ from the defaults, or null.</param>
    /// <exception cref="InputException">
    /// An override has an unknown name, is not finite, or is refused by the baseline; or its constructor fails.
    /// </exception>
    public IPredictor Create(IReadOnlyDictionary<string, double>? overrides = null)
    {
        var chosen = new Hyperparameters(Hyperparameters, overrides);
        var values = new Hyperparameters(Hyperparameters, overrides)
        {
            Recipe = new(Info.Id, Info.Version, chosen.Values),
        };
        return IsBackbone
            ? new NeuralPredictor(
                Info.Id,
                context => Construct<Backbone>(context),
                TrainingOptions.From(values),
                values
            )
            : Construct<IPredictor>(values);
    }

    private T Construct<T>(object argument)
    {
        try
        {
            return (T)Activator.CreateInstance(type, argument)!;
        }
        catch (TargetInvocationException wrapped) when (wrapped.InnerException is { } cause)
        {
            throw new InputException(
                cause is InputException
                    ? cause.Message
                    : $"Baseline '{Info.Id}' cannot be made, its constructor raises {cause.GetType().Name}: {cause.Message.ReplaceLineEndings(" ").TrimEnd('.')}; correct {type.Name}.cs."
            );
        }
    }
}
