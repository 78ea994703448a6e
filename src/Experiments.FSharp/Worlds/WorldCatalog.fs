namespace CausalDebiasing.Bench.Worlds

open System
open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Runtime

/// The worlds by the name that a condition gives them.
module WorldCatalog =
    let private reject message = raise (InputException message)

    /// Name, the one mechanism that defines the world if there is one, and the way to data.
    let private worlds = [
        for scenario in AcquisitionScenario.all do
            scenario.Name, None, AcquisitionWorld.study scenario
        "world-a", Some Natural, WorldA.study
        "world-b", Some MnarLatent, WorldB.study
        "world-c", Some OutcomeLinked, WorldC.study
        for setting in HospitalSetting.all do
            setting.Name, Some Natural, HospitalWorld.study setting
    ]

    let private checkMechanism (spec: DataSpec) =
        match worlds |> List.tryFind (fun (name, _, _) -> name = spec.Dataset) with
        | Some(name, Some own, _) when spec.Mechanism <> Natural && spec.Mechanism <> own ->
            let known =
                [ own; Natural ]
                |> List.distinct
                |> List.map Mechanism.name
                |> String.concat " or "

            reject $"--mechanism {Mechanism.name spec.Mechanism} does not exist in {name}; give {known}."
        | _ -> ()

    /// Checks the numbers of a condition, and that its world has its mechanism.
    /// Raises InputException naming the option.
    let check (spec: DataSpec) =
        match spec.MissingRate with
        | Some rate when not (rate >= 0. && rate < 1.) ->
            reject $"--missing-rate {rate} is outside [0, 1); give a share such as 0.3."
        | _ -> ()

        if not (spec.Confounding >= 0. && spec.Confounding <= 1.) then
            reject $"--confounding {spec.Confounding} is outside [0, 1]; give a strength such as 0.7."

        if not (spec.Signal > 0. && Double.IsFinite spec.Signal) then
            reject $"--signal {spec.Signal} is not above 0; give a strength such as 1."

        if not (Double.IsFinite spec.MechanismStrength) then
            reject $"--mechanism-strength {spec.MechanismStrength} is not a number; give a slope such as 1."

        match spec.TrainSize with
        | Some rows when rows < 1 ->
            reject $"--train-size {rows} is not above 0; give a number of rows such as 6000."
        | _ -> ()

        checkMechanism spec

    /// Names of the worlds.
    let names = worlds |> List.map (fun (name, _, _) -> name)

    /// The world of that name: from a condition to data, checked first.
    let tryFind name : (DataSpec -> Study) option =
        worlds
        |> List.tryFind (fun (n, _, _) -> n = name)
        |> Option.map (fun (_, _, study) ->
            fun spec ->
                check spec
                study spec)
