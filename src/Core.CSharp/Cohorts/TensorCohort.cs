using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Cohorts;

/// <summary>A standardised cohort laid out as tensors once, from which batches are gathered.</summary>
internal sealed class TensorCohort : IDisposable
{
    private readonly Tensor[] values;
    private readonly Tensor mask;
    private readonly int[] patterns;
    private readonly Tensor? labels;
    private readonly Tensor? sites;

    /// <summary>With <paramref name="forTraining"/> false, outcomes and sites are not copied: batches cannot leak them.</summary>
    internal TensorCohort(Cohort cohort, bool forTraining)
    {
        var n = cohort.Count;
        values =
        [
            .. cohort.Modalities.Select(
                (modality, m) => tensor(cohort.Values(m).ToArray(), ShapeOf(modality, n), ScalarType.Float32)
            ),
        ];
        mask = tensor(
            [.. cohort.Mask.ToArray().Select(observed => observed ? 1f : 0f)],
            [n, cohort.Modalities.Count],
            ScalarType.Float32
        );
        patterns = [.. Enumerable.Range(0, n).Select(cohort.Pattern)];
        if (!forTraining)
            return;
        labels = tensor(cohort.Labels.ToArray());
        sites = tensor([.. cohort.Sites.ToArray().Select(site => (long)site)], ScalarType.Int64);
    }

    /// <summary>The outcomes; training cohorts only.</summary>
    internal Tensor Labels => labels!;

    internal int Count => patterns.Length;

    /// <summary>
    /// All rows as one batch, without randomness and without positions; its tensors belong to the caller's dispose scope, so
    /// that a network that writes into them spoils no other pass.
    /// </summary>
    internal Batch All() =>
        new()
        {
            Values = [.. values.Select(block => block.clone())],
            Mask = mask.clone(),
            Patterns = patterns.AsReadOnly(),
            Labels = labels?.clone(),
            Sites = sites?.clone(),
        };

    /// <summary>The batch of the given rows; its tensors belong to the caller's dispose scope.</summary>
    internal Batch Rows(int[] rows, Generator? random, Tensor? weights = null)
    {
        using var index = tensor([.. rows.Select(row => (long)row)], ScalarType.Int64);
        return new Batch
        {
            Values = [.. values.Select(block => block.index_select(0, index))],
            Mask = mask.index_select(0, index),
            Patterns = [.. rows.Select(row => patterns[row])],
            Labels = labels?.index_select(0, index),
            Sites = sites?.index_select(0, index),
            Weights = weights?.index_select(0, index),
            Rows = rows.AsReadOnly(),
            Random = random,
        };
    }

    public void Dispose()
    {
        foreach (var block in values)
            block.Dispose();
        mask.Dispose();
        labels?.Dispose();
        sites?.Dispose();
    }

    private static long[] ShapeOf(Modality modality, long n) =>
        modality.Kind switch
        {
            ModalityKind.Tabular => [n, modality.Width],
            ModalityKind.Series => [n, modality.Length, modality.Width],
            _ => [n, modality.Length],
        };
}
