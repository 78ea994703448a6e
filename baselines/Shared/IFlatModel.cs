using CausalDebiasing.Cohorts;

namespace CausalDebiasing.Baselines.Shared;

/// <summary>What a <see cref="FlatPredictor"/> learned; it does not change.</summary>
public interface IFlatModel : IDisposable
{
    /// <summary>P(y = 1) of every patient, [n], offsets left out.</summary>
    float[] Probabilities(Cohort cohort);

    /// <summary>Writes it.</summary>
    /// <exception cref="NotFiniteNumberException">A number is not finite.</exception>
    void Write(BinaryWriter writer);
}
