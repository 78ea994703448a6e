using CausalDebiasing.Predictors;
using CausalDebiasing.Runtime;

namespace CausalDebiasing.Debiasing;

/// <summary>How the options and what a fit left are stored, before the predictor inside.</summary>
internal static class StoredDebiasing
{
    private const string Kind = "causaldebias-wrapped";
    private const int Version = 8;

    /// <param name="destination">Where to.</param>
    /// <param name="name">That of the predictor.</param>
    /// <param name="options">What it is wrapped with.</param>
    /// <param name="fitted">What the fit left.</param>
    internal static void Write(
        Stream destination,
        string name,
        DebiasOptions options,
        FittedDebiasing fitted
    ) =>
        SealedContent.Write(
            destination,
            Kind,
            Version,
            $"'{name}'",
            writer =>
            {
                writer.WriteJson(options);
                writer.WriteJson(fitted);
            }
        );

    /// <exception cref="InputException">It was not written by a predictor wrapped with the same options.</exception>
    internal static FittedDebiasing Read(Stream source, string name, DebiasOptions options) =>
        SealedContent.Read(
            source,
            Kind,
            Version,
            $"The checkpoint of '{name}'",
            reader =>
                reader.ReadJson<DebiasOptions>() == options
                    ? reader.ReadJson<FittedDebiasing>()
                    : throw new InputException(
                        $"The checkpoint of '{name}' was wrapped with other options; wrap with the same before loading."
                    )
        );
}
