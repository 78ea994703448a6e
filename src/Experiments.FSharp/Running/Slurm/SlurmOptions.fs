namespace CausalDebiasing.Bench.Running.Slurm

open System.Text.RegularExpressions
open CausalDebiasing.Bench.Running.Cluster
open CausalDebiasing.Runtime

/// What a task asks the cluster for.
type SlurmOptions = {
    /// The cluster's default if not given.
    Partition: string option
    Shape: TaskShape
    /// Memory of a task, as Slurm writes it; the cluster's default if not given.
    Memory: string option
    /// Tasks of one array at most; what the cluster allows if not given.
    ArrayLimit: int option
    /// Further options of sbatch, NAME or NAME=VALUE without leading hyphens.
    Further: string list
}

module SlurmOptions =
    /// What is set here, or would make of a job something else than a task.
    let private reserved =
        set [
            "array"
            "chdir"
            "cpus-per-task"
            "dependency"
            "error"
            "input"
            "job-name"
            "mem"
            "ntasks"
            "output"
            "parsable"
            "partition"
            "test-only"
            "time"
            "wait"
            "wrap"
        ]

    let private argument = Regex @"^(?<name>[a-z][a-z-]*)(=.+)?$"

    let private checkFurther (text: string) =
        let found = argument.Match text

        if not found.Success then
            raise (
                InputException
                    $"--sbatch-arg '{text}' is no option of sbatch: give NAME or NAME=VALUE without the leading hyphens, such as account=lab."
            )

        if reserved.Contains found.Groups["name"].Value then
            raise (
                InputException
                    $"--sbatch-arg '{text}' is set by the suite: use the option of that name if there is one ('help sweep' lists them)."
            )

    let private checkMemory (text: string) =
        if not (Regex.IsMatch(text, @"^\d{1,9}[KMGT]?$")) then
            raise (
                InputException
                    $"--mem '{text}' is no size of memory: give a whole number with K, M (if none is given), G or T, such as 4G."
            )

    let private checkPartition (text: string) =
        if not (Regex.IsMatch(text, @"^[^\s,-][^\s]*$")) then
            raise (InputException $"--partition '{text}' is no name of a partition: 'sinfo' lists them.")

    /// Raises InputException naming the option for a value that cannot be.
    let validate options =
        Option.iter checkPartition options.Partition
        Option.iter checkMemory options.Memory
        List.iter checkFurther options.Further
