using CausalDebiasing.Runtime;

namespace CausalDebiasing.Cohorts;

/// <summary>The patients of a cohort by whether any of their rows has the event.</summary>
internal static class PatientStrata
{
    /// <summary>Patients without and patients with an event, each group in an order that the seed decides.</summary>
    public static IReadOnlyList<long[]> Shuffled(Cohort cohort, Seed seed)
    {
        var hasEvent = new Dictionary<long, bool>();
        for (var row = 0; row < cohort.Count; row++)
        {
            var patient = cohort.Patients[row];
            hasEvent[patient] = cohort.Labels[row] > 0 || hasEvent.GetValueOrDefault(patient);
        }
        return [Group(false), Group(true)];

        long[] Group(bool key)
        {
            long[] patients = [.. hasEvent.Where(pair => pair.Value == key).Select(pair => pair.Key).Order()];
            new Random(seed.Derive("split", key ? 1 : 0).ToInt32()).Shuffle(patients);
            return patients;
        }
    }
}
