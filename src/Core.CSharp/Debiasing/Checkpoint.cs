using CausalDebiasing.Catalogue;
using CausalDebiasing.Predictors;
using CausalDebiasing.Runtime;

namespace CausalDebiasing;

/// <summary>
/// A fitted baseline, plain or wrapped, in a file that says how it was made (the baseline's identifier and version,
/// hyper-parameters, debias options), so that another process needs only the path. A checksum covers the whole file.
/// </summary>
public static class Checkpoint
{
    private const string Kind = "causaldebias-checkpoint";
    private const int Version = 2;

    /// <summary>Writes a fitted predictor; an existing file is replaced only once the new one is complete.</summary>
    /// <param name="path">File to write, in a folder that exists.</param>
    /// <param name="fitted">Made by <see cref="Baseline.Create"/>, also wrapped by <see cref="CausalDebias.Wrap"/>.</param>
    /// <exception cref="InputException">
    /// The predictor was not made from a baseline, its fit diverged (a number is not finite), or the file cannot be written.
    /// </exception>
    /// <exception cref="InvalidOperationException">The predictor has not been fitted.</exception>
    public static void Save(string path, IPredictor fitted)
    {
        if (fitted.Recipe is not { } recipe)
            throw new InputException(
                $"'{fitted.Name}' was not made from a baseline, so that no checkpoint can say how to make it again: mark its class with [Baseline] and create it from a catalogue, or use its own Save and Load."
            );
        using var content = new MemoryStream();
        SealedContent.Write(
            content,
            Kind,
            Version,
            $"'{fitted.Name}'",
            writer =>
            {
                writer.WriteJson(new Content(recipe, (fitted as DebiasedPredictor)?.Options));
                writer.Flush();
                fitted.Save(writer.BaseStream);
            }
        );
        var temporary = path + ".tmp";
        try
        {
            File.WriteAllBytes(temporary, content.ToArray());
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"'{path}' cannot be written: {problem.Message}");
        }
    }

    /// <summary>Makes the predictor that a checkpoint describes and restores it.</summary>
    /// <param name="path">A file by <see cref="Save"/>.</param>
    /// <param name="catalog">Where the baseline is looked up.</param>
    /// <exception cref="InputException">
    /// The file is missing, is no checkpoint or of another format version, is damaged or cut short, holds an option or
    /// hyper-parameter that this build does not know, or names a baseline that <paramref name="catalog"/> has not or has
    /// in another version.
    /// </exception>
    public static IPredictor Load(string path, IReadOnlyList<Baseline> catalog)
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
                var predictor = Make(path, reader.ReadJson<Content>(), catalog);
                try
                {
                    predictor.Load(reader.BaseStream);
                    return file.Position == file.Length ? predictor : throw new InvalidDataException();
                }
                catch
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
        var recipe = content.Recipe;
        var baseline = catalog.Find(recipe.Baseline);
        if (baseline.Info.Version != recipe.Version)
            throw new InputException(
                $"'{path}' holds version {recipe.Version} of baseline '{recipe.Baseline}', and this build has version {baseline.Info.Version}, which predicts otherwise: load it with the build that wrote it, or fit and save the model again."
            );
        var plain = baseline.Create(recipe.Hyperparameters);
        return content.Options is { } options ? CausalDebias.Wrap(plain, options) : plain;
    }

    private sealed record Content(BaselineRecipe Recipe, DebiasOptions? Options);
}
