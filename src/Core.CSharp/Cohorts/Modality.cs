namespace CausalDebiasing.Cohorts;

/// <summary>The name and shape of one modality.</summary>
/// <param name="Name">Unique within a cohort, for example <c>vitals</c>.</param>
/// <param name="Kind">Tabular, series or codes.</param>
/// <param name="Width">Features (tabular), channels (series) or vocabulary size (codes); at least 1.</param>
/// <param name="Length">Time steps (series) or code slots (codes); 1 for tabular.</param>
public sealed record Modality(string Name, ModalityKind Kind, int Width, int Length = 1)
{
    /// <summary>Numbers stored per patient.</summary>
    public int Size => Kind == ModalityKind.Codes ? Length : Width * Length;

    /// <summary>A tabular modality of <paramref name="width"/> features.</summary>
    public static Modality Tabular(string name, int width) => new(name, ModalityKind.Tabular, width);

    /// <summary>A series of <paramref name="length"/> steps and <paramref name="channels"/> channels.</summary>
    public static Modality Series(string name, int length, int channels) =>
        new(name, ModalityKind.Series, channels, length);

    /// <summary>At most <paramref name="length"/> codes from a vocabulary of <paramref name="vocabulary"/>.</summary>
    public static Modality Codes(string name, int length, int vocabulary) =>
        new(name, ModalityKind.Codes, vocabulary, length);
}
