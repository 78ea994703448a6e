using System.Text.Json.Serialization;
using CausalDebiasing.Debiasing;
using CausalDebiasing.Networks;
using CausalDebiasing.Training;

namespace CausalDebiasing;

/// <summary>
/// What the add-on does to a predictor; <see cref="Presets"/> names the useful combinations. <see cref="CausalDebias.Wrap"/>
/// refuses what it could not apply, so that every value it accepts has an effect on a fit.
/// </summary>
public sealed record DebiasOptions
{
    /// <summary>How the missingness pattern is adjusted for.</summary>
    public PatternAdjustment Adjustment { get; init; } = PatternAdjustment.None;

    /// <summary>How causal and spurious features are separated.</summary>
    public BranchMethod Branch { get; init; } = BranchMethod.None;

    /// <summary>
    /// Share of the training steps, in [0, 1], after which the dual branch is also trained on spurious features swapped
    /// between patients; 1 for never. Later than a few epochs it comes after the epoch that validation keeps.
    /// </summary>
    public double SwapStart { get; init; } = HeadOptions.FirstSwap;

    /// <summary>
    /// Whether the dual branch's relative-difficulty weights are clipped to [0.05, 0.95] and scaled to mean 1 per class. The published
    /// methods do neither, and with irreducible label noise their weights come to favour mislabelled rows.
    /// </summary>
    public bool TemperedDifficulty { get; init; } = true;

    /// <summary>Replaces a network's own rule for which epoch is kept, or null.</summary>
    public SelectionRule? Selection { get; init; }

    /// <summary>How training rows are weighted.</summary>
    public RowWeighting Weighting { get; init; } = RowWeighting.None;

    /// <summary>Probability of hiding each observed modality of a training row (at least one is kept), in [0, 1).</summary>
    public double ModalityDrop { get; init; }

    /// <summary>
    /// Probability with which a training row is shown only with the modalities that it shares with another one, drawn at
    /// random, in [0, 1]; not together with <see cref="ModalityDrop"/>.
    /// </summary>
    public double PatternResampling { get; init; }

    /// <summary>What predictions do with what the pattern told of the outcome; needs a label balance.</summary>
    public PatternUse Patterns { get; init; } = PatternUse.Interventional;

    /// <summary>
    /// Whether slope and intercept of the predictions' logit are fitted to the validation outcomes, what pattern and score
    /// tell of them being known, and where the pattern is kept how much of it counts; needs a label balance.
    /// </summary>
    public bool Recalibrate { get; init; }

    /// <summary>Whether hidden practice is looked for and what it tells of the outcome taken out.</summary>
    public PracticeUse Practice { get; init; } = PracticeUse.None;

    /// <summary>Trains the linear head with an objective over groups of rows; not together with another head or loss.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public GroupObjective GroupObjective { get; init; } = GroupObjective.None;

    /// <summary>Whether rows that a briefly trained first model gets wrong are up-weighted, JTT (arXiv 2107.09044).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool JustTrainTwice { get; init; }

    /// <summary>Whether training rows of at least two sites are needed.</summary>
    [JsonIgnore]
    public bool NeedsSites => GroupObjective is not (GroupObjective.None or GroupObjective.GroupDroPatterns);

    /// <summary>
    /// Whether only a neural network can honour the options. A <see cref="Branch"/> beside an <see cref="Adjustment"/> is left
    /// out for another predictor, which <see cref="DebiasedPredictor.Warnings"/> says.
    /// </summary>
    [JsonIgnore]
    public bool NeedsRepresentation => OnlyForNetworks is not null;

    /// <summary>The first option that only a neural network can honour, or null.</summary>
    internal string? OnlyForNetworks =>
        Head.OnlyForNetworks ?? (Selection is null ? null : nameof(Selection));

    internal HeadOptions Head => new(Adjustment, Branch, SwapStart, TemperedDifficulty, GroupObjective);

    internal Thinning Augmentation => new(ModalityDrop, PatternResampling);

    internal KnownLogitOptions Known => new(Weighting, Practice);

    internal DeploymentOptions Deployment => new(Patterns, Recalibrate);

    /// <summary>One line for everything that is out of range or would not be applied; none for usable options.</summary>
    internal IEnumerable<string> Mistakes() =>
        [
            .. UnknownNames(),
            .. Head.Mistakes(),
            .. Augmentation.Mistakes(),
            .. Known.Mistakes(Head),
            .. Deployment.Mistakes(Known.Balances),
        ];

    /// <summary>Numbers that stand for no member of their enumeration.</summary>
    private IEnumerable<string> UnknownNames()
    {
        Enum?[] values = [Adjustment, Branch, Selection, Weighting, Patterns, Practice, GroupObjective];
        foreach (var value in values)
            if (value is not null && !Enum.IsDefined(value.GetType(), value))
                yield return $"{value.GetType().Name} {value} does not exist; give one of {string.Join(", ", Enum.GetNames(value.GetType()))}.";
    }

    /// <summary>
    /// Our reading of arXiv 2509.05615 from its abstract (the authors' code and equations are not public): exact
    /// backdoor adjustment over missingness patterns and a dual branch by relative difficulty with feature swapping.
    /// </summary>
    public static DebiasOptions PaperReconstruction { get; } =
        new() { Adjustment = PatternAdjustment.Exact, Branch = BranchMethod.RelativeDifficulty };

    /// <summary>
    /// What the evidence of this suite supports (see docs/method.md): patterns are resampled, with logit adjustment for what
    /// they then tell, which is kept in predictions where the deployment relates it to risk as training did; and a
    /// spurious branch offsets what hidden practice tells of the outcome, where there is evidence of it.
    /// </summary>
    public static DebiasOptions Recommended { get; } =
        new()
        {
            PatternResampling = 0.1,
            Weighting = RowWeighting.LogitAdjustment,
            Patterns = PatternUse.KeptAsInTraining,
            Practice = PracticeUse.WhereEvident,
            Recalibrate = true,
        };

    /// <summary>The augmentation of <see cref="Recommended"/> alone, for ceilings to which it must earn nothing.</summary>
    public static DebiasOptions AugmentationOnly { get; } =
        new() { PatternResampling = Recommended.PatternResampling };

    /// <summary>All named variants, ordered by name: the presets, the ablations of each, and comparators of the field.</summary>
    public static IReadOnlyDictionary<string, DebiasOptions> Presets { get; } =
        new SortedDictionary<string, DebiasOptions>(StringComparer.Ordinal)
        {
            ["paper"] = PaperReconstruction,
            ["recommended"] = Recommended,
            ["md-exact"] = new() { Adjustment = PatternAdjustment.Exact },
            ["db-dfa"] = new() { Branch = BranchMethod.RelativeDifficulty },
            ["db-lff"] = new() { Branch = BranchMethod.RelativeDifficulty, SwapStart = 1 },
            ["db-dfa-published"] = new()
            {
                Branch = BranchMethod.RelativeDifficulty,
                SwapStart = 0.3,
                TemperedDifficulty = false,
                Selection = SelectionRule.LastEpoch,
            },
            ["db-cal"] = new() { Branch = BranchMethod.AttentionSplit },
            ["groupdro-pattern"] = new() { GroupObjective = GroupObjective.GroupDroPatterns },
            ["groupdro-site"] = new() { GroupObjective = GroupObjective.GroupDroSites },
            // Validation log loss keeps an epoch before the penalty's full weight, that is, the plain network.
            ["irm"] = new() { GroupObjective = GroupObjective.Irm, Selection = SelectionRule.LastEpoch },
            ["vrex"] = new() { GroupObjective = GroupObjective.VRex, Selection = SelectionRule.LastEpoch },
            ["coral"] = new() { GroupObjective = GroupObjective.Coral },
            ["jtt"] = new() { JustTrainTwice = true },
            ["label-balance"] = new() { Weighting = RowWeighting.LabelBalance },
            ["propensity"] = new() { Weighting = RowWeighting.Propensity },
            ["modality-drop"] = new() { ModalityDrop = 0.3 },
            ["positivity"] = new() { ModalityDrop = 0.3, Weighting = RowWeighting.LabelBalance },
            ["augmentation"] = AugmentationOnly,
            ["recommended-interventional"] = Recommended with { Patterns = PatternUse.Interventional },
            ["recommended-no-augmentation"] = Recommended with { PatternResampling = 0 },
            ["recommended-no-branch"] = Recommended with { Practice = PracticeUse.None },
            ["recommended-assumed"] = Recommended with { Practice = PracticeUse.Assumed },
        }.AsReadOnly();
}
