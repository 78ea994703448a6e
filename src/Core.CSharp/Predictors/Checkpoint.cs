using System.Text.Json;
using CausalDebiasing.Runtime;

namespace CausalDebiasing.Predictors;

/// <summary>
/// A fitted baseline in a file that says how it was made, so that another process needs only the path: the
/// identifier, hyper-parameters and debias options, then what the predictor itself saves.
/// </summary>
public static class Checkpoint
{
    private const string Magic = "causaldebias-checkpoint-1";

    /// <summary>Writes a fitted predictor; an existing file is replaced only once the new one is complete.</summary>
    /// <param name="path">File to write.</param>
    /// <param name="baseline">The baseline that <paramref name="fitted"/> was made from.</param>
    /// <param name="overrides">Hyper-parameters it was created with, or null.</param>
    /// <param name="options">Options it was wrapped with, or null when it is plain.</param>
    /// <param name="fitted">The fitted predictor.</param>
    public static void Save(
        string path,
        Baseline baseline,
        IReadOnlyDictionary<string, double>? overrides,
        DebiasOptions? options,
        IPredictor fitted
    )
    {
        var temporary = path + ".tmp";
        using (var file = File.Create(temporary))
        {
            using (var writer = new BinaryWriter(file, System.Text.Encoding.UTF8, leaveOpen: true))
            {
                writer.Write(Magic);
                writer.Write(
                    JsonSerializer.Serialize(
                        new Recipe(baseline.Info.Id, overrides ?? new Dictionary<string, double>(), options)
                    )
                );
            }
            fitted.Save(file);
        }
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Makes the predictor that a checkpoint describes and restores it.</summary>
    /// <exception cref="InputException">The file is missing, is no checkpoint, is cut short, or names a baseline that <paramref name="catalog"/> lacks.</exception>
    public static IPredictor Load(string path, IReadOnlyList<Baseline> catalog)
    {
        if (!File.Exists(path))
            throw new InputException($"There is no checkpoint at '{path}'; check the path.");
        using var file = File.OpenRead(path);
        var recipe = ReadRecipe(path, file);
        var plain = catalog.Find(recipe.Baseline).Create(recipe.Hyperparameters);
        IPredictor predictor = recipe.Options is { } options ? CausalDebias.Wrap(plain, options) : plain;
        predictor.Load(file);
        return predictor;
    }

    private static Recipe ReadRecipe(string path, Stream file)
    {
        using var reader = new BinaryReader(file, System.Text.Encoding.UTF8, leaveOpen: true);
        try
        {
            if (
                reader.ReadString() == Magic
                && JsonSerializer.Deserialize<Recipe>(reader.ReadString()) is { } recipe
            )
                return recipe;
        }
        catch (Exception problem) when (problem is IOException or FormatException or JsonException) { }
        throw new InputException($"'{path}' is not a checkpoint of this library; save the model again.");
    }

    private sealed record Recipe(
        string Baseline,
        IReadOnlyDictionary<string, double> Hyperparameters,
        DebiasOptions? Options
    );
}
