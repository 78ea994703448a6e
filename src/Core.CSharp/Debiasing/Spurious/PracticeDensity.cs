using TorchSharp;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>What a <see cref="PracticeMixture"/> makes of rows.</summary>
internal static class PracticeDensity
{
    /// <summary>log P(x | y, e, c) of the observed entries, [n, K].</summary>
    internal static Tensor LogDensity(this PracticeMixture model, PracticeRows rows)
    {
        using var scope = NewDisposeScope();
        return new PracticeStates(model, rows).LogDensity.MoveToOuterDisposeScope();
    }

    /// <summary>log P(x | y, e), [n].</summary>
    internal static Tensor LogLikelihood(this PracticeMixture model, PracticeRows rows) =>
        (model.LogDensity(rows) + model.LogShares(rows)).logsumexp(1);

    /// <summary>
    /// logit P(y | x, e) less the same under an intervention that sets practice to its prior q, [n]:
    /// log E[P(c | y = 1, e) / q_c | x, y = 1] - log E[P(c | y = 0, e) / q_c | x, y = 0], with c expected under q.
    /// </summary>
    /// <param name="model">The mixture.</param>
    /// <param name="classes">The rows as if all had outcome 0, and as if all had outcome 1.</param>
    internal static Tensor Offset(this PracticeMixture model, PracticeRows[] classes)
    {
        using var scope = NewDisposeScope();
        Tensor Ratio(PracticeRows rows)
        {
            var density = model.LogDensity(rows);
            return (density + model.LogShares(rows)).logsumexp(1)
                - (density + model.Prior.log()).logsumexp(1);
        }
        return (Ratio(classes[1]) - Ratio(classes[0])).MoveToOuterDisposeScope();
    }

    /// <summary>What practice adds to every row's scores on average over the kinds that it may be of, [n, p].</summary>
    /// <param name="model">The mixture.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="asTrained">Whether kinds are as likely as at the row's site and outcome, or as over all rows.</param>
    internal static Tensor ExpectedShift(this PracticeMixture model, PracticeRows rows, bool asTrained)
    {
        using var scope = NewDisposeScope();
        var shares = asTrained ? model.LogShares(rows) : model.Prior.log();
        var memberships = (model.LogDensity(rows) + shares).softmax(1);
        return memberships.mm(model.Offsets.t()).MoveToOuterDisposeScope();
    }
}
