using CausalDebiasing.Networks;

namespace CausalDebiasing.Debiasing;

/// <summary>The head that a network gets by its options.</summary>
internal static class Heads
{
    internal static Head Make(HeadOptions options, HeadContext context) =>
        options switch
        {
            { IsDualBranch: true } => new DualBranchHead(context, options),
            { Branch: BranchMethod.AttentionSplit } => new AttentionSplitHead(context),
            { GroupObjective: not GroupObjective.None } => new GroupObjectiveHead(
                context,
                options.GroupObjective
            ),
            { Adjustment: not PatternAdjustment.None } => new AdjustedHead(context),
            _ => new PlainHead(context),
        };
}
