using System.Text.Json.Serialization;

namespace CausalDebiasing.Debiasing;

/// <summary>What a fit found of one hidden practice that it looked for; see docs/method.md, part 2, for what is asked.</summary>
public sealed record PracticeFinding
{
    [JsonConstructor]
    internal PracticeFinding() { }

    /// <summary>Number of hidden kinds, at least 1; 1 where none were found, and then there are no numbers of them.</summary>
    [JsonInclude]
    public int Kinds { get; internal init; }

    /// <summary>Number of latent states beside the kinds.</summary>
    [JsonInclude]
    public int States { get; internal init; }

    /// <summary>Mean held-out gain in log likelihood of the last kind over its standard error; 0 where there is none.</summary>
    [JsonInclude]
    public double Z { get; internal init; }

    /// <summary>The same of all kinds over two more latent states; null where it was not looked at.</summary>
    [JsonInclude]
    public double? ZOverStates { get; internal init; }

    /// <summary>Number of modalities in which the kinds are plainly apart.</summary>
    [JsonInclude]
    public int ModalitiesApart { get; internal init; }

    /// <summary>Highest AUROC with which a column of few values tells a kind, in [0.5, 1]; null without kinds.</summary>
    [JsonInclude]
    public double? Recorded { get; internal init; }

    /// <summary>P that sites do not differ in how the kinds go with the outcome, in [0, 1]; 1 where they cannot be compared.</summary>
    [JsonInclude]
    public double SitesP { get; internal init; }

    /// <summary>Whether it is taken for practice, and what it tells of the outcome is taken out.</summary>
    [JsonInclude]
    public bool IsTakenOut { get; internal init; }

    /// <summary>Why it is left in; null where it is taken out or there was nothing to find.</summary>
    [JsonInclude]
    public string? Doubt { get; internal init; }
}
