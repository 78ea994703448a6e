using CausalDebiasing.Networks;
using CausalDebiasing.Predictors;

namespace CausalDebiasing.Catalogue;

/// <summary>
/// Makes a class a baseline: a <see cref="Backbone"/> with a constructor taking a <see cref="BackboneContext"/>,
/// or an <see cref="IPredictor"/> with a constructor taking <see cref="Hyperparameters"/>.
/// </summary>
/// <param name="id">Lower-case identifier used on the command line, for example <c>zero-fill-mlp</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class BaselineAttribute(string id) : Attribute
{
    /// <summary>Lower-case identifier; two baselines of one catalogue cannot share it.</summary>
    public string Id { get; } = id;

    /// <summary>Name for tables; the identifier unless given.</summary>
    public string Title { get; init; } = id;

    /// <summary>Year of publication, or 0.</summary>
    public int Year { get; init; }

    /// <summary>Identifier of the paper (arXiv, DOI), or empty.</summary>
    public string Paper { get; init; } = "";

    /// <summary>How missing modalities are dealt with.</summary>
    public BaselineFamily Family { get; init; } = BaselineFamily.DirectPrediction;

    /// <summary>Whether comparisons that are short of time include it.</summary>
    public bool Headline { get; init; }

    /// <summary>Raise it when results change: cells computed with an older version are then stale.</summary>
    public int Version { get; init; } = 1;
}
