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

/// How to start a worker: this program, one thread for tensors.
let worker (arguments: string seq) =
    let start =
        start (Reflection.Assembly.GetExecutingAssembly().Location) (Seq.append [ "worker" ] arguments)

    for variable in [ "OMP_NUM_THREADS"; "MKL_NUM_THREADS" ] do
        start.Environment[variable] <- "1"

    start
