namespace CausalDebiasing.Bench.Exchange

open System
open System.ComponentModel
open System.Diagnostics
open System.IO
open System.Text.Json
open CausalDebiasing.Bench.Datasets
open CausalDebiasing.Bench.Foundation
open CausalDebiasing.Runtime

/// A baseline that is a program of its own, as baselines/NAME.json describes it. Arguments that name a file beside the
/// description stand for that file.
type ExternalBaseline = {
    /// What tables call it; the file's name.
    Id: string
    /// The program and its arguments. It is started in a folder with study.json and the rows, and writes predictions.csv or
    /// predictions.parquet there.
    Command: string list
    /// What must succeed where the baseline can be run, such as importing a package; nothing is checked if empty.
    Check: string list
    /// What to do where the check fails.
    Remedy: string
    Format: TableFormat
    Seconds: float
    Threads: int
    /// Changes with the description and with the files that the command names.
    Version: string
}

/// A description as people write it.
type BaselineDescription = {
    Command: string list option
    Check: string list option
    Remedy: string option
    Format: string option
    Seconds: float option
    Threads: int option
}

module ExternalBaseline =
    let private refuse path problem =
        raise (InputException $"{path}: {problem}.")

    let private located (folder: string) (argument: string) =
        let file = Path.GetFullPath(argument, folder)
        if File.Exists file then file else argument

    let private version (path: string) (command: string list) =
        path :: List.filter File.Exists command
        |> List.map (File.ReadAllText >> Sha256.ofText)
        |> String.concat "\n"
        |> Sha256.ofText
        |> fun hash -> hash.Substring(0, 12)

    /// Reads a description. Raises InputException when it is none, or a number in it is out of range.
    let read (path: string) : ExternalBaseline =
        let described =
            try
                match
                    JsonSerializer.Deserialize(
                        File.ReadAllText path,
                        typeof<BaselineDescription>,
                        JsonDialect.handwritten
                    )
                with
                | :? BaselineDescription as described -> described
                | _ -> refuse path "it is empty; name a 'command'"
            with :? JsonException as failure ->
                let where = failure.Path |> Option.ofObj |> Option.defaultValue "the whole file"

                refuse
                    path
                    $"it is no description of a baseline, at {where}; give 'command', and 'check', 'remedy', 'format', 'seconds' or 'threads' where needed"

        let folder = string (Path.GetDirectoryName(Path.GetFullPath path))

        let words name (given: string list option) =
            let given = given |> Option.defaultValue []

            if given |> List.exists (box >> isNull) then
                refuse path $"'{name}' holds null; write texts only"

            List.map (located folder) given

        let command = words "command" described.Command

        if command.IsEmpty || String.IsNullOrWhiteSpace command.Head then
            refuse path "'command' is empty; name a program and its arguments"

        let seconds = described.Seconds |> Option.defaultValue 1200.
        let threads = described.Threads |> Option.defaultValue 1

        if not (seconds > 0. && seconds <= 1e6) then
            refuse path $"'seconds' {seconds} is out of range; give seconds above 0"

        if threads < 1 then
            refuse path $"'threads' {threads} is out of range; give a whole number of at least 1"

        {
            Id = string (Path.GetFileNameWithoutExtension path)
            Command = command
            Check = words "check" described.Check
            Remedy = described.Remedy |> Option.defaultValue "install what the baseline needs"
            Format =
                match described.Format |> Option.defaultValue "parquet" with
                | "parquet" -> AsParquet
                | "csv" -> AsCsv
                | other -> refuse path $"'format' '{other}' is unknown; write 'parquet' or 'csv'"
            Seconds = seconds
            Threads = threads
            Version = version path command
        }

    let private threadVariables = [ "OMP_NUM_THREADS"; "OPENBLAS_NUM_THREADS"; "MKL_NUM_THREADS" ]

    /// Why a program does not start, in a few words.
    let whyNotStarted program (failure: Win32Exception) =
        match failure.NativeErrorCode with
        | 2 -> $"there is no program '{program}'"
        | 13 when not (OperatingSystem.IsWindows()) ->
            $"'{program}' may not be executed (chmod +x makes it a program)"
        | _ -> $"'{program}' cannot be started ({failure.Message.TrimEnd '.'})"

    /// How a command of the baseline is started in a folder.
    let start (baseline: ExternalBaseline) (command: string list) folder =
        let start =
            ProcessStartInfo(
                command.Head,
                command.Tail,
                WorkingDirectory = folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false
            )

        for variable in threadVariables do
            start.Environment[variable] <- string baseline.Threads

        start

    let private checkLimit = TimeSpan.FromMinutes 1.

    /// One line on why the baseline cannot be run on this machine, if so.
    let obstacle (baseline: ExternalBaseline) =
        match baseline.Check with
        | [] -> None
        | check ->
            let failed reason = Some $"{reason}; {baseline.Remedy}."

            try
                use tried =
                    nonNull (Process.Start(start baseline check (Directory.GetCurrentDirectory())))

                tried.StandardInput.Close()
                tried.OutputDataReceived.Add ignore
                tried.ErrorDataReceived.Add ignore
                tried.BeginOutputReadLine()
                tried.BeginErrorReadLine()

                if not (tried.WaitForExit checkLimit) then
                    tried.Kill(entireProcessTree = true)
                    failed $"'{check.Head}' does not answer its check"
                elif tried.ExitCode = 0 then
                    None
                else
                    failed $"'{check.Head}' fails its check with exit code {tried.ExitCode}"
            with :? Win32Exception as failure ->
                failed (whyNotStarted check.Head failure)

    /// The description of that name in one of the folders.
    let tryFind (folders: string list) (id: string) =
        if id.IndexOfAny [| '/'; '\\' |] >= 0 then
            None
        else
            folders
            |> List.map (fun folder -> Path.Combine(folder, id + ".json"))
            |> List.tryFind File.Exists
            |> Option.map read

    /// The names of all descriptions in the folders.
    let names (folders: string list) =
        folders
        |> List.filter Directory.Exists
        |> List.collect (fun folder -> Directory.GetFiles(folder, "*.json") |> List.ofArray)
        |> List.map (fun file -> string (Path.GetFileNameWithoutExtension file))
        |> List.distinct
        |> List.sort
