using CausalDebiasing.Catalogue;
using CausalDebiasing.Predictors;
using CausalDebiasing.Runtime;

namespace CausalDebiasing;

/// <summary>
/// A fitted predictor, plain or wrapped, in a file that says how it was made: of a baseline its identifier, version and
/// hyper-parameters, so that another process needs only the path; of a model of your own its name, and that process
/// makes the model; of both the debias options. A checksum covers the whole file.
/// </summary>
public static class Checkpoint
{
    private const string Kind = "causaldebias-checkpoint";
    private const int Version = 3;

    /// <summary>Writes a fitted predictor; an existing file is replaced only once the new one is complete.</summary>
    /// <param name="path">File to write, in a folder that exists.</param>
    /// <param name="fitted">Any predictor, also wrapped by <see cref="CausalDebias.Wrap"/>.</param>
    /// <exception cref="InputException">The fit diverged (a number is not finite), or the file cannot be written.</exception>
    /// <exception cref="InvalidOperationException">The predictor has not been fitted.</exception>
    public static void Save(string path, IPredictor fitted)
    {
        ArgumentNullException.ThrowIfNull(fitted);
        using var content = new MemoryStream();
        SealedContent.Write(
            content,
            Kind,
            Version,
            $"'{fitted.Name}'",
            writer =>
            {
                writer.WriteJson(
                    new Content(fitted.Name, fitted.Recipe, (fitted as DebiasedPredictor)?.Options)
                );
                writer.Flush();
                fitted.Save(writer.BaseStream);
            }
        );
        try
        {
            AtomicWrite.To(path, temporary => File.WriteAllBytes(temporary, content.ToArray()));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be written: {problem.Message}");
        }
    }

    /// <summary>Makes the baseline that a checkpoint describes, wraps it if it was, and restores it.</summary>
    /// <param name="path">A file by <see cref="Save"/>.</param>
    /// <param name="catalog">Where the baseline is looked up.</param>
    /// <exception cref="InputException">
    /// The file is missing, is no checkpoint or of another format version, is damaged or cut short, holds an option or
    /// hyper-parameter that this build does not know, holds a model of somebody's own, or names a baseline that
    /// <paramref name="catalog"/> has not or has in another version.
    /// </exception>
    public static IPredictor Load(string path, IReadOnlyList<Baseline> catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return Read(path, content => Wrapped(Make(path, content, catalog), content), isOwned: true);
    }

    /// <summary>Wraps a model of your own as the one in the checkpoint was, if it was, and restores it.</summary>
    /// <param name="path">A file by <see cref="Save"/>.</param>
    /// <param name="unfitted">
    /// Made as the one that was saved, before it was wrapped: with the same name, and if a network of the same shape.
    /// </param>
    /// <returns><paramref name="unfitted"/>, or a <see cref="DebiasedPredictor"/> around it.</returns>
    /// <exception cref="InputException">
    /// The file is missing, is no checkpoint or of another format version, is damaged or cut short, holds an option that this
    /// build does not know, or holds another model than <paramref name="unfitted"/>.
    /// </exception>
    public static IPredictor Load(string path, IPredictor unfitted)
    {
        ArgumentNullException.ThrowIfNull(unfitted);
        return Read(
            path,
            content =>
                content.Name != unfitted.Name
                    ? throw new InputException(
                        $"'{path}' holds the model '{content.Name}', and not '{unfitted.Name}': load it into the model that it was saved from."
                    )
                : IsMadeOtherwise(content.Recipe, unfitted.Recipe)
                    ? throw new InputException(
                        $"'{path}' holds '{content.Name}' of another version or with other hyper-parameters: make it as it was made before it was saved."
                    )
                : Wrapped(unfitted, content),
            isOwned: false
        );
    }

    private static bool IsMadeOtherwise(BaselineRecipe? stored, BaselineRecipe? own) =>
        stored is not null
        && own is not null
        && (
            (stored.Baseline, stored.Version) != (own.Baseline, own.Version)
            || !stored
                .Hyperparameters.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .SequenceEqual(own.Hyperparameters.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        );

    private static IPredictor Wrapped(IPredictor plain, Content content) =>
        content.Options is { } options ? CausalDebias.Wrap(plain, options) : plain;

    private static IPredictor Read(string path, Func<Content, IPredictor> make, bool isOwned)
    {
        if (!File.Exists(path))
            throw new InputException($"There is no checkpoint at '{path}'; check the path.");
        using var file = new MemoryStream(Bytes(path));
        return SealedContent.Read(
            file,
            Kind,
            Version,
            $"'{path}'",
            reader =>
            {
                var predictor = make(reader.ReadJson<Content>());
                try
                {
                    predictor.Load(reader.BaseStream);
                    return file.Position == file.Length ? predictor : throw new InvalidDataException();
                }
                catch when (isOwned)
                {
                    predictor.Dispose();
                    throw;
                }
            }
        );
    }

    private static byte[] Bytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be read: {problem.Message}");
        }
    }

    private static IPredictor Make(string path, Content content, IReadOnlyList<Baseline> catalog)
    {
        var recipe =
            content.Recipe
            ?? throw new InputException(
                $"'{path}' holds '{content.Name}', which was not made from a baseline of a catalogue: make it as it was made before it was saved, and give that to {nameof(Load)}."
            );
        var baseline = catalog.Find(recipe.Baseline);
        if (baseline.Info.Version != recipe.Version)
            throw new InputException(
                $"'{path}' holds version {recipe.Version} of baseline '{recipe.Baseline}', and this build has version {baseline.Info.Version}, which predicts otherwise: load it with the build that wrote it, or fit and save the model again."
            );
        return baseline.Create(recipe.Hyperparameters);
    }

    private sealed record Content(string Name, BaselineRecipe? Recipe, DebiasOptions? Options);
}
