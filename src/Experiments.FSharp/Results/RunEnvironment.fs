namespace CausalDebiasing.Bench.Results

open System
open System.ComponentModel
open System.Diagnostics
open System.IO
open System.Runtime.InteropServices
open System.Text.Json
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Runtime
open CausalDebiasing.Training

/// Where and with what a run was made.
type RunEnvironment = {
    Suite: string
    /// Commit of the source tree; empty outside a repository.
    Commit: string
    DotNet: string
    TorchSharp: string
    System: string
    Architecture: string
    Processor: string
    Cores: int
    /// What computed the cells: "workers on one machine" or "slurm".
    Engine: string
    /// Workers at a time; with a scheduler, of a task.
    Workers: int
    /// Threads for tensors of each worker process.
    ThreadsPerWorker: int
    /// How the epoch of a network is chosen.
    Selection: string
    Command: string
    StartedUtc: DateTime
    /// Null while the run is under way or when it was killed.
    EndedUtc: DateTime option
}

module RunEnvironment =
    let private version (assembly: Reflection.Assembly) = assembly.GetName().Version |> string

    /// Model name of the processor, as far as the system tells.
    let processor () =
        let file = "/proc/cpuinfo"

        if File.Exists file then
            File.ReadLines file
            |> Seq.tryFind _.StartsWith("model name", StringComparison.Ordinal)
            |> Option.map (fun line -> line.Substring(line.IndexOf ':' + 1).Trim())
        else
            Environment.GetEnvironmentVariable "PROCESSOR_IDENTIFIER" |> Option.ofObj
        |> Option.defaultValue "unknown"

    let private commit () =
        let start =
            ProcessStartInfo(
                "git",
                [ "rev-parse"; "HEAD" ],
                WorkingDirectory = AppContext.BaseDirectory,
                RedirectStandardOutput = true,
                RedirectStandardError = true
            )

        try
            use git = nonNull (Process.Start start)
            let output = git.StandardOutput.ReadToEnd().Trim()
            git.WaitForExit()
            if git.ExitCode = 0 then output else ""
        with :? Win32Exception ->
            ""

    /// The environment of a run that starts now.
    let capture command workers = {
        Suite = version (Reflection.Assembly.GetExecutingAssembly())
        Commit = commit ()
        DotNet = RuntimeInformation.FrameworkDescription
        TorchSharp = version typeof<TorchSharp.torch>.Assembly
        System = RuntimeInformation.OSDescription
        Architecture = string RuntimeInformation.ProcessArchitecture
        Processor = processor ()
        Cores = Environment.ProcessorCount
        Engine = "workers on one machine"
        Workers = workers
        ThreadsPerWorker = 1
        Selection = $"{TrainingOptions().Selection} on training-domain validation rows"
        Command = command
        StartedUtc = DateTime.UtcNow
        EndedUtc = None
    }

    let private path folder =
        Path.Combine(folder, "environment.json")

    /// Writes environment.json into a run's folder.
    let write folder (environment: RunEnvironment) =
        AtomicFile.writeText (path folder) (Json.write environment)

    /// Name and value of what a run's folder says about its environment; nothing when it says nothing. Raises InputException
    /// when the file is damaged.
    let describe folder =
        if not (File.Exists(path folder)) then
            []
        else
            let damaged () =
                raise (
                    InputException
                        $"'{path folder}' is damaged: run the command that made it again, which writes it anew, or delete it."
                )

            try
                use document = JsonDocument.Parse(File.ReadAllText(path folder))

                if document.RootElement.ValueKind <> JsonValueKind.Object then
                    damaged ()

                [
                    for property in document.RootElement.EnumerateObject() ->
                        property.Name, property.Value.ToString()
                ]
            with :? JsonException ->
                damaged ()
