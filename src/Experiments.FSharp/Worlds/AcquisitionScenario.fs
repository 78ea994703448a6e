namespace CausalDebiasing.Bench.Worlds

/// The law of an Acquisition world's confounder.
type ConfounderLaw =
    /// C in {-1, 1} agrees with the outcome with probability rho_e at site e.
    | Binary
    /// Two such confounders, independent given the outcome; the second has the sites' agreements in reverse order.
    | TwoBinary
    /// C ~ N((2y - 1) d_e, 1) with d_e = Phi^-1(rho_e), so that its sign agrees with probability rho_e.
    | Continuous

/// What the confounder does to the values of a modality k.
type ImprintLaw =
    /// Adds c_k C.
    | Additive
    /// Adds c_k t_k amp(C), where t_k is -1 or 1 with equal chances per patient and modality and amp is 1.5 for C = 1
    /// and 0.3 otherwise: E[x_k | C] does not depend on C, |c_k . x_k| does.
    | Amplitude

/// A variant of the Acquisition world: what is harder than, or different from, the standard one.
type AcquisitionScenario = {
    /// The world's name in a condition.
    Name: string
    /// One line for people: what is in it.
    About: string
    Confounder: ConfounderLaw
    Imprint: ImprintLaw
    /// The first so many modalities bear an imprint, from 1 to 4.
    Imprinted: int
    /// Share of patients with the outcome; None: the median patient has probability sigmoid(-a / 2).
    Prevalence: float option
    /// Whether the second modality is a series and the third a set of codes; all are tabular otherwise.
    IsMixed: bool
    /// Whether training and validation rows carry their sites; they are all of one otherwise.
    SitesAreKnown: bool
}

module AcquisitionScenario =
    /// The headline world.
    let standard = {
        Name = "acquisition"
        About =
            "four modalities of 16 normal columns; acquisition linked to severity, site practice and outcome, practice imprinted on all"
        Confounder = Binary
        Imprint = Additive
        Imprinted = 4
        Prevalence = None
        IsMixed = false
        SitesAreKnown = true
    }

    /// The standard world and its variants, each of which differs in one thing.
    let all = [
        standard
        {
            standard with
                Name = "acquisition-nonlinear"
                About = "an imprint that no linear score sees: practice changes how values spread"
                Imprint = Amplitude
        }
        {
            standard with
                Name = "acquisition-two-confounders"
                About = "two practices, with the sites in reverse order"
                Confounder = TwoBinary
        }
        {
            standard with
                Name = "acquisition-continuous"
                About = "a normal practice"
                Confounder = Continuous
        }
        {
            standard with
                Name = "acquisition-one-modality"
                About = "the imprint in one modality only"
                Imprinted = 1
        }
        {
            standard with
                Name = "acquisition-mixed"
                About = "the second modality a series, the third a set of codes"
                IsMixed = true
        }
        {
            standard with
                Name = "acquisition-rare"
                About = "prevalence 5 %"
                Prevalence = Some 0.05
        }
        {
            standard with
                Name = "acquisition-unlabelled-sites"
                About = "training rows without their sites"
                SitesAreKnown = false
        }
    ]

    /// The scenario whose world has that name.
    let tryFind name =
        all |> List.tryFind (fun scenario -> scenario.Name = name)

    /// Whether the Bayes-optimal probability is known in closed form given S: one binary confounder, added to values
    /// that are seen as they are.
    let hasOracle scenario =
        scenario.Confounder = Binary
        && scenario.Imprint = Additive
        && not scenario.IsMixed
