namespace CausalDebiasing.Bench.Worlds

open System
open CausalDebiasing.Runtime

/// The worlds by the name that a condition gives them.
module WorldCatalog =
    let private reject message = raise (InputException message)

    /// Checks the numbers of a condition that concern any world.
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

    /// Worlds A, B and C are defined by why modalities are missing, so each has one mechanism.
    let private withMechanism own study (spec: DataSpec) =
        if spec.Mechanism <> Natural && spec.Mechanism <> own then
            reject
                $"--mechanism {Mechanism.name spec.Mechanism} does not exist in {spec.Dataset}; give {Mechanism.name own} or natural."

        study spec

    let private worlds = [
        "acquisition", AcquisitionWorld.study
        "world-a", withMechanism Natural WorldA.study
        "world-b", withMechanism MnarLatent WorldB.study
        "world-c", withMechanism OutcomeLinked WorldC.study
    ]

    /// Names of the worlds.
    let names = worlds |> List.map fst

    /// The world of that name: from a condition to data, checked first.
    let tryFind name : (DataSpec -> Study) option =
        worlds
        |> List.tryFind (fun (n, _) -> n = name)
        |> Option.map (fun (_, study) ->
            fun spec ->
                check spec
                study spec)
