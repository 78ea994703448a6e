/// `doctor`: is everything there that a run needs?
module CausalDebiasing.Bench.Cli.Commands.Doctor

open System
open System.IO
open System.Runtime.InteropServices
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Results
open CausalDebiasing.Bench.Running
open CausalDebiasing.Runtime
open TorchSharp

type private Finding =
    | Fine of string
    /// What is wrong, and the remedy.
    | Problem of string * remedy: string

let private tensors () =
    try
        use sum = torch.ones(2L, 2L).sum()
        Fine $"TorchSharp {typeof<torch>.Assembly.GetName().Version}: 1 + 1 + 1 + 1 = {sum.item<float32>()}"
    with failure ->
        let first = failure.GetBaseException().Message.Split('\n')[0]
        Problem($"TorchSharp does not load: {first}", "run './build.fsx clean' and build again")

let private standardLibrary () =
    if not (OperatingSystem.IsLinux()) then
        Fine "C++ library: the system's own"
    else
        match TorchRuntime.LackingSymbols with
        | null -> Fine "libstdc++ has all that TorchSharp's library demands"
        | version ->
            Fine $"libstdc++ lacks {version}; the build has adapted TorchSharp's library to do without"

let private dataRoot option =
    try
        match DataRoot.resolve option with
        | Some root -> Fine $"Data root: {root}"
        | None -> Fine $"Data root: none ({DataRoot.optionName} or {DataRoot.variable}); worlds need none"
    with :? InputException as mistake ->
        Problem(mistake.Message, $"correct {DataRoot.optionName} or {DataRoot.variable}")

let private resultsFolder () =
    let folder = Path.GetFullPath "results"

    try
        let isNew = not (Directory.Exists folder)
        Directory.CreateDirectory folder |> ignore
        let probe = Path.Combine(folder, $"probe-{Environment.ProcessId}")
        File.WriteAllText(probe, "")
        File.Delete probe

        if isNew then
            Directory.Delete folder

        Fine $"Results folder: {folder} can be written"
    with
    | :? IOException
    | :? UnauthorizedAccessException as failure ->
        Problem($"Results folder: {failure.Message}", "start from another folder or pass --out")

let run arguments =
    let options = Parsing.parse<DoctorArgument> "doctor" arguments

    let findings = [
        Fine $"System: {RuntimeInformation.OSDescription} ({RuntimeInformation.ProcessArchitecture})"
        Fine $"Processor: {RunEnvironment.processor ()}, {Environment.ProcessorCount} cores"
        Fine $".NET: {RuntimeInformation.FrameworkDescription}"
        standardLibrary ()
        tensors ()
        dataRoot (options.TryGetResult DoctorArgument.Data_Root)
        resultsFolder ()
    ]

    for finding in findings do
        match finding with
        | Fine what -> printfn $"ok       {what}"
        | Problem(what, remedy) -> printfn $"problem  {what}; {remedy}."

    if findings |> List.exists _.IsProblem then
        Exit.CheckFailed
    else
        Exit.Success
