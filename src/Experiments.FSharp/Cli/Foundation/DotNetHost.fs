/// Starting compiled programs of the suite.
module CausalDebiasing.Bench.Cli.DotNetHost

open System
open System.Diagnostics
open System.IO

let private host =
    match Environment.ProcessPath with
    | null -> "dotnet"
    | path when Path.GetFileNameWithoutExtension path = "dotnet" -> path
    | _ -> "dotnet"

/// How to start a program by its dll.
let start (dll: string) (arguments: string seq) =
    ProcessStartInfo(host, Seq.append [ dll ] arguments)

/// What a worker's environment is: one thread for tensors, and an allocator that keeps the memory of freed tensors. By
/// its own choice glibc gives a tensor of some 100 kB or more back to the system at once, and getting the pages again costs
/// a step more than its arithmetic.
let private workerEnvironment = [
    "OMP_NUM_THREADS", "1"
    "MKL_NUM_THREADS", "1"
    "MALLOC_MMAP_THRESHOLD_", string (32 <<< 20)
    "MALLOC_TRIM_THRESHOLD_", string (256 <<< 20)
]

/// How to start a worker: this program in its environment.
let worker (arguments: string seq) =
    let start =
        start (Reflection.Assembly.GetExecutingAssembly().Location) (Seq.append [ "worker" ] arguments)

    for variable, value in workerEnvironment do
        start.Environment[variable] <- value

    start
