using CausalDebiasing.Cohorts;
using static TorchSharp.torch;

namespace CausalDebiasing.Networks;

/// <summary>What a head is built from.</summary>
/// <param name="Width">Width d of the backbone's features.</param>
/// <param name="ModalityCount">Number of modalities M.</param>
/// <param name="Patterns">The missingness patterns of the training rows.</param>
/// <param name="TrainingRows">Number of training rows.</param>
/// <param name="SiteCount">Number of sites that training rows may come from.</param>
/// <param name="Prevalence">Share of training rows with the event.</param>
/// <param name="Random">Source of initial parameter values.</param>
internal sealed record HeadContext(
    int Width,
    int ModalityCount,
    PatternTable Patterns,
    int TrainingRows,
    int SiteCount,
    double Prevalence,
    Generator Random
);
