namespace CausalDebiasing.Cohorts;

/// <summary>The shape of the data that one modality holds per patient.</summary>
public enum ModalityKind
{
    /// <summary>A vector of <c>Width</c> features.</summary>
    Tabular,

    /// <summary>A regularly binned series: <c>Length</c> time steps of <c>Width</c> channels.</summary>
    Series,

    /// <summary>Up to <c>Length</c> codes from the vocabulary 1..<c>Width</c>; 0 is padding.</summary>
    Codes,
}
