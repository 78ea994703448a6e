namespace CausalDebiasing.Training;

/// <summary>How the epoch whose parameters are kept is chosen; never by a test set.</summary>
public enum SelectionRule
{
    /// <summary>Smallest log loss on the training-domain validation rows, under the objective's own row weights.</summary>
    ValidationLogLoss,

    /// <summary>Largest AUROC on the training-domain validation rows.</summary>
    ValidationAuroc,

    /// <summary>The last epoch.</summary>
    LastEpoch,
}
