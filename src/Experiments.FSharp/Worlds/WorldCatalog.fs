namespace CausalDebiasing.Bench.Worlds

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Runtime

/// The worlds by the name that a condition gives them.
module WorldCatalog =
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

            raise (
                InputException
                    $"--mechanism {Mechanism.name spec.Mechanism} does not exist in {name}; give {known}."
            )
        | _ -> ()

    /// Checks the numbers of a condition, and that its world has its mechanism.
    /// Raises InputException naming the option.
    let check (spec: DataSpec) =
        ConditionRange.check spec
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
