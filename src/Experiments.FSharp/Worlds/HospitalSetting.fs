namespace CausalDebiasing.Bench.Worlds

open CausalDebiasing.Bench.Conditions

/// What parts patients beside their state and is written nowhere.
type HiddenKind =
    | Nothing
    /// So many kinds of ward, 2 to 4.
    | Wards of int
    /// Two pairs of kinds that have nothing to do with each other.
    | TwoPractices
    /// A practice between extremes.
    | Continuous
    /// Two kinds of disease: a cause of the outcome, with an effect that differs by hospital.
    | Subtype

/// What the hidden kind does to recorded values.
type Calibration =
    /// Adds to them.
    | ByShift
    /// Multiplies laboratory values; adds to what has no zero of its own.
    | ByFactor
    /// Rounds them to coarser steps, which leaves their means.
    | ByRounding
    /// Writes 0 for 1 or 1 for 0, counts more or less, and takes other levels.
    | ByCodes

/// What a Hospital world's patients are grouped by: a group has a case mix and effects of its own and is the site.
type Grouping =
    | Hospitals of int
    /// By the main diagnosis, which the table shows; new hospitals have the same diagnoses.
    | Diagnoses

/// A Hospital world: what is recorded, and which biases there are.
type HospitalSetting = {
    /// The world's name in a condition.
    Name: string
    Table: HospitalModality[]
    /// Rows to train on when the condition does not say.
    Rows: int
    Grouping: Grouping
    /// Whether training and validation rows carry their groups; they are all of one otherwise.
    SitesAreKnown: bool
    /// Share of patients with the outcome in the training hospitals.
    Prevalence: float
    /// Standard deviation over groups of the mean of every latent state.
    CaseMix: float
    /// Standard deviation over groups of the logarithm of every effect on the outcome.
    EffectSpread: float
    Hidden: HiddenKind
    Calibration: Calibration
    /// Mahalanobis distance of two hidden kinds in the values that they calibrate, all of them seen, given the outcome.
    Separation: float
    /// Share of numeric columns that are calibrated.
    CalibratedShare: float
    /// Slope of the hidden kind, -1 to 1, in the logits of missingness.
    Protocol: float
    /// Slope of severity in the logits of missingness.
    Severity: float
    /// Largest slope of the outcome, -1 or 1, in the logits of missingness, per unit of the condition's strength.
    Suspicion: float
    /// Share of numeric values that are grossly wrong.
    GrossErrors: float
    /// Whether the outcome also depends on states other than the first.
    HasManyCauses: bool
    /// Whether new hospitals do as training hospitals: there is nothing to undo. Their test is the one named "do".
    IsUnchanged: bool
}

module HospitalSetting =
    let private prefix = "hospital-"

    /// No bias: tests are ordered by severity, which new hospitals do as well.
    let plain = {
        Name = prefix + "null"
        Table = HospitalTable.standard
        Rows = WorldCohort.trainRows
        Grouping = Hospitals 5
        SitesAreKnown = true
        Prevalence = 0.25
        CaseMix = 0.2
        EffectSpread = 0.
        Hidden = Nothing
        Calibration = ByFactor
        Separation = 3.2
        CalibratedShare = 0.6
        Protocol = 0.
        Severity = 0.5
        Suspicion = 0.
        GrossErrors = 0.
        HasManyCauses = true
        IsUnchanged = true
    }

    /// Slope of suspicion per unit of strength: 0.7 at the strength 0.5 that sweeps use unless told.
    let private suspicion = 1.4

    let private factor = {
        plain with
            Name = prefix + "factor"
            Hidden = Wards 2
            IsUnchanged = false
    }

    let private both = {
        factor with
            Name = prefix + "both"
            Suspicion = suspicion
    }

    let private named (setting: HospitalSetting) name = { setting with Name = prefix + name }

    /// Every setting; each differs from another in one thing or two.
    let all: HospitalSetting list = [
        plain
        {
            named plain "null-small" with
                Rows = 1000
        }
        {
            named plain "effects" with
                EffectSpread = 0.6
        }
        {
            named plain "case-mix" with
                CaseMix = 0.8
        }
        {
            named plain "knowledge" with
                Suspicion = suspicion
        }
        {
            named plain "ordering" with
                Suspicion = suspicion
                IsUnchanged = false
        }
        {
            named factor "shift" with
                Calibration = ByShift
        }
        factor
        {
            named both "three" with
                Hidden = Wards 3
        }
        both
        {
            named both "both-small" with
                Rows = 1200
        }
        {
            named factor "codes" with
                Calibration = ByCodes
        }
        {
            named factor "rounding" with
                Calibration = ByRounding
        }
        {
            named factor "practice" with
                Protocol = 0.8
        }
        {
            named factor "heavy-tails" with
                GrossErrors = 0.04
        }
        {
            named factor "weak-wide" with
                Table = HospitalTable.wide
                Separation = 3.2
                CalibratedShare = 1.
        }
        {
            named both "rare" with
                Prevalence = 0.05
        }
        {
            named factor "two-practices" with
                Hidden = TwoPractices
        }
        {
            named factor "continuous" with
                Hidden = Continuous
        }
        {
            named factor "no-sites" with
                SitesAreKnown = false
        }
        {
            named plain "subtype" with
                Hidden = Subtype
        }
        {
            named plain "one-hot" with
                Table = HospitalTable.categories
                Rows = 9000
                Grouping = Diagnoses
                CaseMix = 0.4
                EffectSpread = 0.6
        }
        {
            named plain "binary" with
                Table = HospitalTable.binary
        }
        {
            named plain "single" with
                Table = HospitalTable.single
                HasManyCauses = false
        }
        {
            named plain "one-site" with
                Grouping = Hospitals 1
                SitesAreKnown = false
        }
    ]

    /// The setting whose world has that name.
    let tryFind name =
        all |> List.tryFind (fun setting -> setting.Name = name)

    /// Whether there is a hidden practice, which confounds.
    let hasPractice setting =
        match setting.Hidden with
        | Nothing
        | Subtype -> false
        | Wards _
        | TwoPractices
        | Continuous -> true

    /// The one form of all conditions with the same data: what the setting does not have is zero, and its mechanism is
    /// its own.
    let canonical setting (spec: DataSpec) = {
        spec with
            Confounding = if hasPractice setting then spec.Confounding else 0.
            MechanismStrength =
                if setting.Suspicion > 0. then
                    spec.MechanismStrength
                else
                    0.
    }
