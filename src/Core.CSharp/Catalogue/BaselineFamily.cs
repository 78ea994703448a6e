namespace CausalDebiasing.Catalogue;

/// <summary>How a baseline deals with missing modalities.</summary>
public enum BaselineFamily
{
    /// <summary>Predicts from whatever is observed.</summary>
    DirectPrediction,

    /// <summary>Passes messages between patients and modalities.</summary>
    Graph,

    /// <summary>Fills in what is missing, then predicts.</summary>
    Imputation,

    /// <summary>Routes patterns to experts.</summary>
    Mixture,

    /// <summary>Learns across sites that do not share rows.</summary>
    Federated,

    /// <summary>Models missingness or confounding explicitly.</summary>
    Causal,

    /// <summary>Not a neural network: linear models, boosted trees.</summary>
    Classical,
}
