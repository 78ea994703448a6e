using CausalDebiasing.Cohorts;

namespace CausalDebiasing.Training;

/// <summary>What is done to a training batch before the network sees it, and how validation rows are weighted.</summary>
internal interface IBatchPolicy
{
    /// <summary>Hides modalities or changes weights.</summary>
    Batch Apply(Batch batch);

    /// <summary>One weight per validation row under the training objective.</summary>
    double[] ValidationWeights(Cohort validation);

    /// <summary>One known part of the logit per validation row.</summary>
    double[] ValidationOffsets(Cohort validation);
}
