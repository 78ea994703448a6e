/// A Slurm cluster of one node on this machine, for as long as a test needs it.
module CausalDebiasing.Tests.Support.SlurmCluster

open System
open System.Diagnostics
open System.IO
open System.Threading
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Cli.Faults

/// "install" has the packages installed where they are missing, "no" leaves the tests out; else they run where Slurm is installed.
let variable = "CAUSALDEBIAS_SLURM"

let private isInstalled () =
    [ "slurmctld"; "slurmd"; "munged"; "sbatch" ]
    |> List.forall (fun program ->
        [ "/usr/sbin"; "/usr/bin"; "/usr/local/sbin"; "/usr/local/bin" ]
        |> List.exists (fun folder -> File.Exists(Path.Combine(folder, program))))

let private call (arguments: string list) (limit: TimeSpan) =
    let file =
        match Repository.tryRoot () with
        | Some root -> Path.Combine(root, "tests", "Slurm", "cluster.sh")
        | None -> failwith "The tests are not in their source tree."

    let ended = (Play.start [] "bash" (file :: arguments)).Wait limit

    if ended.Code <> 0 then
        failwith $"cluster.sh {arguments.Head}: {Play.describe ended}"

/// Why there can be no cluster here, if there cannot.
let obstacle () =
    if not (OperatingSystem.IsLinux()) then
        Some "Slurm runs on Linux"
    elif Environment.UserName <> "root" then
        Some "the cluster's daemons need root"
    else
        match Environment.GetEnvironmentVariable variable with
        | "no" -> Some $"{variable} is 'no'"
        | "install" when not (isInstalled ()) ->
            call [ "install" ] (TimeSpan.FromMinutes 5.)
            None
        | _ when isInstalled () -> None
        | _ -> Some $"Slurm is not installed ({variable}=install does that on Debian)"

/// Waits until something is there; fails after a while.
let await what (tryFind: unit -> 'a option) =
    let clock = Stopwatch.StartNew()

    let rec look () =
        match tryFind () with
        | Some found -> found
        | None when clock.Elapsed > TimeSpan.FromMinutes 3. -> failwith $"It never came to this: {what}"
        | None ->
            Thread.Sleep 20
            look ()

    look ()

/// A cluster that is up.
type Cluster(folder: string) =
    let environment = [
        "SLURM_CONF", Path.Combine(folder, "slurm.conf")
        "XDG_CACHE_HOME", Path.Combine(folder, "cache")
        "OMP_NUM_THREADS", "1"
    ]

    do call [ "start"; folder; "4" ] (TimeSpan.FromMinutes 2.)

    /// Starts this program as somebody logged in to the cluster does.
    member _.Start(arguments: string list) =
        let program, arguments = Play.self arguments
        Play.start environment program arguments

    /// Runs this program to its end.
    member this.Run(arguments: string list) =
        (this.Start arguments).Wait Play.patience

    /// What one of Slurm's programs prints. Fails when it does not succeed.
    member _.Ask(program: string, arguments: string list) =
        let ended = (Play.start environment program arguments).Wait(TimeSpan.FromMinutes 1.)

        if ended.Code <> 0 then
            failwith $"{program}: {Play.describe ended}"

        ended.Output

    interface IDisposable with
        member _.Dispose() =
            call [ "stop"; folder ] (TimeSpan.FromMinutes 2.)

let private arguments (id: int) =
    try
        File.ReadAllText($"/proc/{id}/cmdline").Split '\000'
    with
    | :? IOException
    | :? UnauthorizedAccessException -> [||]

/// Processes of tasks of the run in a folder, whose numbers are not these.
let taskProcess folder (others: int list) =
    Directory.GetDirectories "/proc"
    |> Seq.choose (fun path ->
        match Int32.TryParse(Path.GetFileName path) with
        | true, id when not (List.contains id others) -> Some id
        | _ -> None)
    |> Seq.tryFind (fun id ->
        let words = arguments id
        Array.contains "task" words && Array.contains folder words)

/// A variable of a process's environment.
let variableOf (id: int) (name: string) =
    File.ReadAllText($"/proc/{id}/environ").Split '\000'
    |> Array.tryFind _.StartsWith(name + "=", StringComparison.Ordinal)
    |> Option.map _.Substring(name.Length + 1)
    |> Option.defaultWith (fun () -> failwith $"process {id} has no {name}")
