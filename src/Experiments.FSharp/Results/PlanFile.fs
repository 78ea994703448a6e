namespace CausalDebiasing.Bench.Results

open System.IO
open System.Text.Json
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Bench.Planning
open CausalDebiasing.Runtime

/// What a run was asked for, kept beside its results so that `status` and `report` know what belongs to it.
type PlanFile = {
    /// The command line that made it.
    Command: string
    /// Profile of `reproduce`, or "sweep".
    Profile: string
    Plan: Plan
}

module PlanFile =
    let write folder (planFile: PlanFile) =
        AtomicFile.writeText (RunFolder.plan folder) (Checksum.seal (Json.write planFile))

    /// Raises InputException when the folder holds no run.
    let read folder : PlanFile =
        let file = RunFolder.plan folder

        if not (File.Exists file) then
            raise (
                InputException
                    $"'{folder}' (--out) holds no run: there is no plan.json in it; start one with 'reproduce' or 'sweep'."
            )

        let refuse reason =
            raise (
                InputException
                    $"'{file}' is no plan that can be believed ({reason}): run the command that made it again."
            )

        try
            match Checksum.unseal (File.ReadAllText file) with
            | Ok json -> Json.read json
            | Error reason -> refuse reason
        with :? JsonException ->
            refuse "it has another form"
