/// The axes of data conditions, for the verbs that take them: their options have the same names.
module CausalDebiasing.Bench.Cli.Commands.ConditionAxes

open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Bench.Worlds

/// What was given of them; None: nothing.
type private Given = {
    MissingRates: float list option
    Mechanisms: string list option
    MechanismStrengths: float list option
    Confoundings: float list option
    Signals: float list option
    TrainSizes: int list option
    Seeds: int list option
}

let private given options = {
    MissingRates = OptionValue.tryValue options (nameof SweepArgument.Missing_Rate)
    Mechanisms = OptionValue.tryValue options (nameof SweepArgument.Mechanism)
    MechanismStrengths = OptionValue.tryValue options (nameof SweepArgument.Mechanism_Strength)
    Confoundings = OptionValue.tryValue options (nameof SweepArgument.Confounding)
    Signals = OptionValue.tryValue options (nameof SweepArgument.Signal)
    TrainSizes = OptionValue.tryValue options (nameof SweepArgument.Train_Size)
    Seeds = OptionValue.tryValue options (nameof SweepArgument.Seeds)
}

/// The data sets asked for, with the sites to leave out.
let datasets access options =
    OptionValue.tryValue options (nameof SweepArgument.Dataset)
    |> Option.defaultValue [ "acquisition" ]
    |> LeaveOut.expand
        access
        (OptionValue.tryValue options (nameof SweepArgument.Leave_Out)
         |> Option.defaultValue [])

/// The variants asked for.
let variants options =
    OptionValue.tryValue options (nameof SweepArgument.Variants)
    |> Option.map (List.map (Variant.parse "--variants"))
    |> Option.defaultValue [ Variant.plain; Variant.recommended ]

let private grid datasets baselines variants candidates (given: Given) =
    let given' value fallback = Option.defaultValue fallback value

    {
        Datasets = datasets
        Baselines = baselines
        Variants = variants
        Candidates = candidates
        MissingRates = given' given.MissingRates [ UsualCondition.missingRate ]
        Mechanisms =
            given' given.Mechanisms [ Mechanism.name Natural ]
            |> List.map (Grid.mechanism "--mechanism")
        MechanismStrengths = given' given.MechanismStrengths [ UsualCondition.mechanismStrength ]
        Confoundings = given' given.Confoundings [ UsualCondition.confounding ]
        Signals = given' given.Signals [ UsualCondition.signal ]
        TrainSizes = given.TrainSizes |> Option.map (List.map Some) |> Option.defaultValue [ None ]
        Seeds = given' given.Seeds [ 1..3 ]
    }

/// For real data only what was asked for: a missing rate or mechanism alone stands with the worlds' value of the other,
/// the mechanism being MCAR.
let private onRealData (given: Given) grid =
    let recorded = Grid.asRecorded grid
    let hides = given.MissingRates.IsSome || given.Mechanisms.IsSome

    {
        (if hides then grid else recorded) with
            Mechanisms =
                if given.Mechanisms.IsSome then grid.Mechanisms
                elif hides then [ Mcar ]
                else recorded.Mechanisms
            Confoundings =
                if given.Confoundings.IsSome then
                    grid.Confoundings
                else
                    recorded.Confoundings
    }

/// The cells of the worlds, then those of the real data sets.
let plan catalog datasets baselines variants candidates options =
    let given = given options
    let grid = grid datasets baselines variants candidates given
    Grid.validate catalog grid

    let worlds, recorded =
        datasets |> List.partition (fun name -> List.contains name WorldCatalog.names)

    [
        { grid with Datasets = worlds }
        onRealData given { grid with Datasets = recorded }
    ]
    |> List.filter (fun grid -> not grid.Datasets.IsEmpty)
    |> List.map (Plan.ofGrid catalog "sweep")
    |> List.fold Plan.append Plan.empty
    |> Plan.requireData
    |> Plan.requireCells
