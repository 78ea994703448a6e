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
    /// One line for people: what is in it.
    About: string
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
        About = "no bias; ordering by severity, everywhere"
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
            About = "two kinds of ward; calibration multiplies laboratory values"
            Hidden = Wards 2
            IsUnchanged = false
    }

    let private both = {
        factor with
            Name = prefix + "both"
            About = "two kinds of ward, by factor, and suspicion"
            Suspicion = suspicion
    }

    let private named (setting: HospitalSetting) name about = {
        setting with
            Name = prefix + name
            About = about
    }

    /// Every setting; each differs from another in one thing or two.
    let all: HospitalSetting list = [
        plain
        {
            named plain "null-small" "no bias, 1,000 rows" with
                Rows = 1000
        }
        {
            named plain "effects" "no bias; effects differ by hospital" with
                EffectSpread = 0.6
        }
        {
            named plain "case-mix" "no bias; hospitals' mean states differ by 0.8 standard deviations" with
                CaseMix = 0.8
        }
        {
            named plain "knowledge" "ordering by suspicion, which new hospitals share" with
                Suspicion = suspicion
        }
        {
            named plain "ordering" "ordering by suspicion, no practice" with
                Suspicion = suspicion
                IsUnchanged = false
        }
        {
            named factor "shift" "two kinds of ward; calibration adds to all columns" with
                Calibration = ByShift
        }
        factor
        {
            named both "three" "three kinds of ward, by factor, and suspicion" with
                Hidden = Wards 3
        }
        both
        {
            named both "both-small" "two kinds of ward, by factor, and suspicion, 1,200 rows" with
                Rows = 1200
        }
        {
            named factor "codes" "two kinds of ward; 0/1 columns are swapped, counts and levels changed" with
                Calibration = ByCodes
        }
        {
            named factor "rounding" "two kinds of ward; one has steps five times as coarse, means stay" with
                Calibration = ByRounding
        }
        {
            named factor "practice" "two kinds of ward, by factor, which also decide what is ordered" with
                Protocol = 0.8
        }
        {
            named
                factor
                "heavy-tails"
                "two kinds of ward, by factor, with 4 % gross errors, five times as large" with
                GrossErrors = 0.04
        }
        {
            named factor "weak-wide" "two kinds of ward, told apart weakly by all of 42 numeric columns" with
                Table = HospitalTable.wide
                Separation = 3.2
                CalibratedShare = 1.
        }
        {
            named both "rare" "two kinds of ward, by factor, and suspicion, at prevalence 5 %" with
                Prevalence = 0.05
        }
        {
            named
                factor
                "two-practices"
                "two practices of two kinds in different columns; their strongest hospitals are opposite" with
                Hidden = TwoPractices
        }
        {
            named factor "continuous" "a normal practice, by factor" with
                Hidden = Continuous
        }
        {
            named factor "no-sites" "two kinds of ward, by factor; training rows without hospital" with
                SitesAreKnown = false
        }
        {
            named
                plain
                "subtype"
                "no bias: a kind of disease in place of a practice, with an effect that differs by hospital" with
                Hidden = Subtype
        }
        {
            named
                plain
                "one-hot"
                "no bias, 9,000 rows; mostly 0/1 and one-hot columns, the site is the main diagnosis, effects differ by it" with
                Table = HospitalTable.categories
                Rows = 9000
                Grouping = Diagnoses
                CaseMix = 0.4
                EffectSpread = 0.6
        }
        {
            named plain "binary" "no bias; all columns are 0/1" with
                Table = HospitalTable.binary
        }
        {
            named plain "single" "no bias; one column (lactate) tells of one cause, the rest is noise" with
                Table = HospitalTable.single
                HasManyCauses = false
        }
        {
            named plain "one-site" "no bias; one hospital" with
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
