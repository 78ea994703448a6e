namespace CausalDebiasing.Bench.Conditions

open CausalDebiasing
open CausalDebiasing.Bench.Foundation

/// What is done with a baseline before it is compared: trained as it is, wrapped with the options of a preset, or trained on
/// data without bias. Text and JSON have its name, by which variants are ordered.
type Variant =
    private
    | Variant of name: string

    override this.ToString() =
        let (Variant name) = this
        name

module Variant =
    /// The baseline as it is, trained on the biased data.
    let plain = Variant "plain"

    /// The baseline as it is, trained on the biased data with its inputs standardised and not transformed.
    let plainStandardised = Variant "plain-standardised"

    /// The baseline as it is, trained on data without bias.
    let ceiling = Variant "ceiling"

    /// The baseline with nothing but the recommended variant's augmentation, trained on data without bias: what the
    /// recommended variant could reach, since augmentation helps without any bias too.
    let ceilingAugmented = Variant "ceiling-augmented"

    /// Options of the variants that are wrapped, ordered by name: the presets and the ceiling with augmentation.
    let options =
        DebiasOptions.Presets
        |> Seq.map (fun preset -> Variant preset.Key, preset.Value)
        |> Map.ofSeq
        |> Map.add ceilingAugmented DebiasOptions.AugmentationOnly

    /// All that there are.
    let all = plain :: plainStandardised :: ceiling :: List.ofSeq options.Keys

    let private lines =
        Map [
            "plain", "the baseline as it is"
            "plain-standardised", "the baseline with inputs standardised and not transformed"
            "ceiling", "the baseline trained on data without bias, where a world gives them"
            "ceiling-augmented", "the ceiling with the recommended augmentation"
            "paper", "our reading of the published framework: md-exact and db-dfa together"
            "recommended", "what the evidence supports; what Wrap does without options"
            "md-exact", "backdoor adjustment over missingness patterns alone"
            "db-dfa", "dual branch by relative difficulty, features swapped"
            "db-lff", "dual branch by relative difficulty, no swapping (learning from failure)"
            "db-dfa-published", "db-dfa as published: untempered weights, late swapping, last epoch"
            "db-cal", "dual branch by attention (causal attention learning)"
            "groupdro-pattern", "remedy: worst missingness pattern (group DRO)"
            "groupdro-site", "remedy: worst site (group DRO)"
            "irm", "remedy: invariant risk minimisation over sites"
            "vrex", "remedy: penalty on the variance of the sites' risks"
            "coral", "remedy: aligned covariances of features over sites"
            "jtt", "remedy: rows that a first model gets wrong weigh more (just train twice)"
            "label-balance", "weights that make pattern and outcome independent"
            "propensity", "remedy: inverse probability of being measured"
            "modality-drop", "remedy: random hiding of modalities"
            "positivity", "hiding and label balance"
            "augmentation", "the recommended augmentation alone"
            "recommended-interventional", "recommended, the pattern always left out of predictions"
            "recommended-no-augmentation", "recommended without resampling patterns"
            "recommended-no-branch", "recommended without the spurious branch"
            "recommended-assumed", "recommended, hidden practice assumed where kinds are found"
        ]

    /// As in tables and on the command line.
    let name (variant: Variant) = string variant

    /// One line for people.
    let about variant = lines[name variant]

    /// The variant of that name, given with an option of the command line. Raises InputException naming the nearest ones.
    let parse option word =
        Names.require "variant" option (List.map name all) word
        Variant word

    /// The baseline wrapped with the options of that preset, which there must be.
    let preset name =
        if DebiasOptions.Presets.ContainsKey name then
            Variant name
        else
            invalidArg (nameof name) $"There is no preset '{name}'."

    /// The baseline wrapped with our reconstruction of the published framework.
    let paper = preset "paper"

    /// The baseline wrapped with the options that the evidence supports.
    let recommended = preset "recommended"

    /// Whether a variant is trained on data without bias.
    let isUnbiased variant =
        variant = ceiling || variant = ceilingAugmented

    /// What tables call a variant that was trained on data without bias though it is no ceiling.
    let withoutBias variant =
        Variant $"{name variant}, unbiased training data"

    /// The ceiling that a variant is measured against where these variants ran: the one with its own augmentation for the
    /// recommended variant, so that augmentation as such closes no gap, if it is there.
    let ceilingOf variant present =
        if variant = recommended && List.contains ceilingAugmented present then
            ceilingAugmented
        else
            ceiling
