using System.Reflection;
using CausalDebiasing.Networks;
using CausalDebiasing.Predictors;
using CausalDebiasing.Runtime;

namespace CausalDebiasing.Catalogue;

/// <summary>Finds the baselines of an assembly by their attribute; there is no list to edit.</summary>
public static class BaselineCatalog
{
    /// <summary>All baselines of the given assemblies, ordered by identifier.</summary>
    /// <exception cref="InputException">Two classes have the same identifier, or one has the wrong base type or constructor.</exception>
    public static IReadOnlyList<Baseline> Discover(params Assembly[] assemblies)
    {
        var found = new SortedDictionary<string, Baseline>(StringComparer.Ordinal);
        foreach (var type in assemblies.SelectMany(assembly => assembly.GetTypes()))
        {
            if (type.GetCustomAttribute<BaselineAttribute>() is not { } info)
                continue;
            var argument =
                typeof(Backbone).IsAssignableFrom(type) ? typeof(BackboneContext)
                : typeof(IPredictor).IsAssignableFrom(type) ? typeof(Hyperparameters)
                : throw new InputException(
                    $"Baseline '{info.Id}' ({type.Name}) is neither a Backbone nor an IPredictor; derive from one."
                );
            if (type.GetConstructor([argument]) is null)
                throw new InputException(
                    $"Baseline '{info.Id}' ({type.Name}) needs a public constructor that takes one {argument.Name}."
                );
            if (!found.TryAdd(info.Id, new Baseline(type, info)))
                throw new InputException($"Two baselines have the identifier '{info.Id}'; rename one.");
        }
        return [.. found.Values];
    }

    /// <summary>The baseline with that identifier.</summary>
    /// <param name="baselines">Those to choose from.</param>
    /// <param name="id">Its <see cref="BaselineAttribute.Id"/>, in the same case.</param>
    /// <exception cref="InputException">There is none; the message lists those there are.</exception>
    public static Baseline Find(this IReadOnlyList<Baseline> baselines, string id) =>
        baselines.FirstOrDefault(baseline => baseline.Info.Id == id)
        ?? throw new InputException(
            $"Unknown baseline '{id}'; known: {string.Join(", ", baselines.Select(baseline => baseline.Info.Id))}."
        );
}
