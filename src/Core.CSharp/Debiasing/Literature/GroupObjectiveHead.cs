using CausalDebiasing.Cohorts;
using CausalDebiasing.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CausalDebiasing.Debiasing;

/// <summary>The plain linear head trained with a group objective.</summary>
internal sealed class GroupObjectiveHead : Head
{
    private readonly Linear output;
    private readonly IGroupLoss loss;

    internal GroupObjectiveHead(HeadContext context, GroupObjective objective)
        : base(nameof(GroupObjectiveHead))
    {
        output = Layers.Logit(context.Random, context.Width, context.Prevalence);
        loss = objective switch
        {
            GroupObjective.GroupDroPatterns => new GroupDroLoss(
                context.Patterns.Count,
                batch => batch.Patterns.Select(context.Patterns.IndexOf)
            ),
            GroupObjective.GroupDroSites => new GroupDroLoss(context.SiteCount, RowGroup.Sites),
            GroupObjective.Irm => new IrmLoss(),
            GroupObjective.VRex => new VRexLoss(),
            GroupObjective.Coral => new CoralLoss(),
            _ => throw new ArgumentOutOfRangeException(nameof(objective)),
        };
        RegisterComponents();
    }

    public override Tensor Loss(Tensor features, Batch batch, double progress) =>
        loss.Loss(features, Logit(features), batch, progress);

    public override Tensor Probability(Tensor features, Batch batch) => sigmoid(Logit(features));

    private Tensor Logit(Tensor features) => output.forward(features).squeeze(-1);
}
