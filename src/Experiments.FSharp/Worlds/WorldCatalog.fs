namespace CausalDebiasing.Bench.Worlds

open CausalDebiasing.Bench.Conditions
open CausalDebiasing.Runtime

/// The worlds by the name that a condition gives them.
module WorldCatalog =
    /// Name, one line on it, the one mechanism that defines the world if there is one, and the way to data.
    let private worlds = [
        for scenario in AcquisitionScenario.all do
            scenario.Name, scenario.About, None, AcquisitionWorld.study scenario
        "world-a",
        "the missingness pattern itself confounds, and adjusting for it is right",
        Some Natural,
        WorldA.study
        "world-b",
        "latent severity confounds, the pattern is a proxy of it, and adjusting for it helps in part",
        Some MnarLatent,
        WorldB.study
        "world-c",
        "the pattern is an effect of the outcome, and adjusting for it is wrong",
        Some OutcomeLinked,
        WorldC.study
        for setting in HospitalSetting.all do
            setting.Name, setting.About, Some Natural, HospitalWorld.study setting
    ]

    let private checkMechanism (spec: DataSpec) =
        match worlds |> List.tryFind (fun (name, _, _, _) -> name = spec.Dataset) with
        | Some(name, _, Some own, _) when spec.Mechanism <> Natural && spec.Mechanism <> own ->
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
    let names = worlds |> List.map (fun (name, _, _, _) -> name)

    /// Names with a line on each.
    let about = worlds |> List.map (fun (name, about, _, _) -> name, about)

    /// The world of that name: from a condition to data, checked first.
    let tryFind name : (DataSpec -> Study) option =
        worlds
        |> List.tryFind (fun (n, _, _, _) -> n = name)
        |> Option.map (fun (_, _, _, study) ->
            fun spec ->
                check spec
                study spec)
