#!/usr/bin/env -S dotnet fsi --quiet
// Builds the suite when its sources have changed and starts it: dotnet fsi build.fsx VERB [OPTIONS].
// `dotnet fsi` keeps --help for itself: `dotnet fsi build.fsx help` lists the verbs.

open System
open System.Diagnostics
open System.IO
open System.Runtime.InteropServices
open System.Security.Cryptography
open System.Text
open System.Threading

let root = __SOURCE_DIRECTORY__
let path (relative: string) = Path.Combine(root, relative)

let fail code (message: string) : 'a =
    eprintfn $"error: {message}"
    exit code

if Environment.Version.Major < 10 then
    fail
        2
        $".NET 10 is needed and this is .NET {Environment.Version}: install the SDK that global.json names."

/// How to run a program of the SDK in the source tree.
let dotnet (arguments: string seq) =
    ProcessStartInfo("dotnet", arguments, WorkingDirectory = root)

[<DllImport("libc", EntryPoint = "getppid")>]
extern int private getParentId()

/// The process that started this one; another one when that has ended.
let parentId () =
    if OperatingSystem.IsWindows() then 0 else getParentId ()

/// Exit code of what a signal has ended.
let interrupted = 130

/// Runs a program with this one's streams, passes Ctrl-C, a request to terminate and the closing of the terminal on, and gives
/// its exit code.
let start (how: ProcessStartInfo) =
    let mutable isInterrupted = false
    use program = Process.Start how
    let id = string program.Id

    let tell (name: string) =
        isInterrupted <- true

        try
            if not (OperatingSystem.IsWindows()) && not program.HasExited then
                use kill =
                    Process.Start(ProcessStartInfo("kill", [ name; id ], RedirectStandardError = true))

                kill.WaitForExit()
        with
        | :? InvalidOperationException
        | :? System.ComponentModel.Win32Exception -> () // It has just ended.

    let passOn name (context: PosixSignalContext) =
        context.Cancel <- true
        tell name

    // `dotnet fsi` is a process of its own before this one, and may be ended without a word.
    let parent = parentId ()

    let watch _ =
        if parentId () <> parent && not isInterrupted then
            tell "-HUP"

    use _ = new Timer(watch, null, 1000, 1000)
    use _ = PosixSignalRegistration.Create(PosixSignal.SIGINT, passOn "-INT")
    use _ = PosixSignalRegistration.Create(PosixSignal.SIGTERM, passOn "-TERM")
    use _ = PosixSignalRegistration.Create(PosixSignal.SIGHUP, passOn "-HUP")
    program.WaitForExit()
    if isInterrupted then interrupted else program.ExitCode

/// Everything a build reads, with times and sizes, as one hash.
let fingerprint () =
    let isOutput (file: string) =
        let parts = Path.GetRelativePath(root, file).Split Path.DirectorySeparatorChar
        parts |> Array.exists (fun part -> part = "bin" || part = "obj")

    let sources =
        [ "src"; "baselines"; "tests"; "examples" ]
        |> Seq.collect (fun folder -> Directory.GetFiles(path folder, "*", SearchOption.AllDirectories))
        |> Seq.filter (isOutput >> not)
        |> Seq.append (Directory.GetFiles(root, "Directory.*"))
        |> Seq.append [ path "CausalDebias.Bench.sln"; path "global.json" ]
        |> Seq.sortWith (fun a b -> String.CompareOrdinal(a, b))

    sources
    |> Seq.map (fun file ->
        let info = FileInfo file
        $"{file} {info.LastWriteTimeUtc.Ticks} {info.Length}")
    |> String.concat "\n"
    |> Encoding.UTF8.GetBytes
    |> SHA256.HashData
    |> Convert.ToHexString

/// Shows the seconds that pass until disposed, on a terminal.
let showElapsed (clock: Stopwatch) =
    let isTerminal = not Console.IsErrorRedirected

    let show _ =
        if isTerminal then
            eprintf $"\rBuilding... {int clock.Elapsed.TotalSeconds} s "

    if not isTerminal then
        eprintfn "Building..."

    new Timer(show, null, 0, 1000)

let runBuild (target: string) =
    let clock = Stopwatch.StartNew()

    let how =
        dotnet [ "build"; target; "-c"; "Release"; "-nologo"; "-v"; "quiet"; "-clp:NoSummary" ]

    how.RedirectStandardOutput <- true
    use build = Process.Start how
    let elapsed = showElapsed clock
    let output = build.StandardOutput.ReadToEnd()
    build.WaitForExit()
    elapsed.Dispose()

    if build.ExitCode <> 0 then
        eprintfn ""

        output.Split('\n')
        |> Array.filter (fun line -> line.Contains "error")
        |> Array.distinct
        |> Array.iter (eprintfn "%s")

        fail 1 "the build failed."

    eprintfn
        $"""{if Console.IsErrorRedirected then "" else "\r"}Built in {int clock.Elapsed.TotalSeconds} s.   """

/// Waits until no other build of this source tree is under way, and keeps others waiting until disposed. The system gives the lock
/// back if this process is killed.
let rec takeTurn isWaiting : IDisposable =
    try
        new FileStream(path "obj/build.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None)
    with
    | :? UnauthorizedAccessException
    | :? DirectoryNotFoundException ->
        fail 2 $"'{root}' cannot be written: build in a source tree that you may write to."
    | :? IOException ->
        if not isWaiting then
            eprintfn "Another build is under way: waiting for it..."

        Thread.Sleep 500
        takeTurn true

/// Builds a project or the solution, unless nothing has changed since that was done last; one build at a time.
let build (target: string) =
    Directory.CreateDirectory(path "obj") |> ignore
    let stamp = path $"obj/{Path.GetFileName target}.stamp"

    let isCurrent () =
        File.Exists stamp && File.ReadAllText stamp = fingerprint ()

    if not (isCurrent ()) then
        use _ = takeTurn false

        if not (isCurrent ()) then
            let current = fingerprint ()
            runBuild target
            File.WriteAllText(stamp, current)

let experiments = "src/Experiments.FSharp"

/// The compiled program, which knows all verbs but the ones below.
let forward (arguments: string list) =
    match
        Directory.GetFiles(
            path $"{experiments}/bin/Release",
            "CausalDebias.Bench.dll",
            SearchOption.AllDirectories
        )
    with
    | [||] -> fail 1 "the build left no program: run 'clean' and try again."
    | found ->
        let dll = found |> Array.maxBy File.GetLastWriteTimeUtc
        start (ProcessStartInfo("dotnet", dll :: arguments))

/// Takes steps until one fails, and gives its exit code.
let takeSteps (steps: (unit -> int) list) =
    steps |> List.fold (fun code step -> if code = 0 then step () else code) 0

let inOrder (steps: string list list) =
    takeSteps [ for step in steps -> fun () -> start (dotnet step) ]

let format check =
    let fantomas = [
        "fantomas"
        if check then
            "--check"
    ]

    let csharpier = [ "csharpier"; (if check then "check" else "format"); "." ]

    inOrder [
        [ "tool"; "restore"; "-v"; "quiet" ]
        fantomas @ [ "src"; "tests"; "build.fsx" ]
        csharpier
    ]

let clean () =
    for project in [ "src"; "baselines"; "tests" ] do
        for file in Directory.GetFiles(path project, "*.*proj", SearchOption.AllDirectories) do
            for output in [ "bin"; "obj" ] do
                let folder = Path.Combine(Path.GetDirectoryName file, output)

                if Directory.Exists folder then
                    Directory.Delete(folder, true)

    if Directory.Exists(path "obj") then
        Directory.Delete(path "obj", true)

    0

/// Runs the examples, so that they compile and do what the documentation says.
let examples () =
    inOrder [
        [ "fsi"; "examples/WrapABaseline.fsx" ]
        [ "run"; "examples/WrapYourModel.cs" ]
        [ "run"; "examples/WrapAPredictor.cs" ]
        [ "run"; "examples/serve/Serve.cs"; "--"; "try" ]
    ]

/// The folder in which packages are kept once they are restored.
let packageCache () =
    let how = dotnet [ "nuget"; "locals"; "global-packages"; "--list" ]
    how.RedirectStandardOutput <- true
    use listing = Process.Start how
    let line = listing.StandardOutput.ReadToEnd()
    listing.WaitForExit()
    line.Substring(line.IndexOf ':' + 1).Trim()

/// Makes the packages: the library, and the one that brings libtorch with it.
let pack options folder =
    inOrder [
        for project in [ "src/Core.CSharp"; "src/Package" ] ->
            [ "pack"; project; "-c"; "Release"; "-o"; folder ] @ options
    ]

/// Writes an example as the file of somebody who has only a package.
let writeUser (example: string) (file: string) (without: string) (instead: string) =
    Directory.CreateDirectory(Path.GetDirectoryName file) |> ignore
    File.WriteAllText(file, File.ReadAllText(path $"examples/{example}").Replace(without, instead))

/// Packs the library and uses the packages outside the source tree, as a program, published, and as a script. Packages that are
/// in the cache are taken from there, and what is packed does not get into it: another build of the same version would not be
/// looked at.
let tryPackage () =
    let version = "0.0.0-try"
    let folder = Directory.CreateTempSubdirectory("causaldebias-")
    let inside name = Path.Combine(folder.FullName, name)

    let using (arguments: string list) where =
        let how = dotnet arguments
        how.WorkingDirectory <- inside where
        how.Environment["NUGET_PACKAGES"] <- inside "packages"
        how.Environment["NUGET_FALLBACK_PACKAGES"] <- packageCache ()
        how

    let step name act () =
        printfn $"{name}:"
        let code = act ()

        if code <> 0 then
            eprintfn $"error: {name} ended with exit code {code}."

        code

    /// Without libtorch the library must say so in a line of its own.
    let mustExplain () =
        let how = using [ "run"; "User.cs" ] "core"
        how.RedirectStandardError <- true
        use run = Process.Start how
        let said = run.StandardError.ReadToEnd()
        run.WaitForExit()

        if run.ExitCode <> 0 && said.Contains "reference the package CausalDebias" then
            0
        else
            eprintfn $"{said}"
            1

    try
        let source = inside "source"

        File.WriteAllText(
            inside "nuget.config",
            $"""<configuration>
  <packageSources>
    <add key="packed" value="{source}" />
  </packageSources>
</configuration>
"""
        )

        for user, package in [ "user", "CausalDebias"; "core", "CausalDebias.Core" ] do
            writeUser
                "WrapYourModel.cs"
                (inside $"{user}/User.cs")
                "#:project ../src/Core.CSharp/CausalDebias.Core.csproj"
                $"#:package {package}@{version}"

        writeUser
            "WrapYourModel.fsx"
            (inside "script/script.fsx")
            "#r \"nuget: CausalDebias\""
            $"#i \"nuget: {source}\"\n#r \"nuget: CausalDebias, {version}\""

        let publish = [
            "publish"
            "User.cs"
            "-nologo"
            "-v"
            "quiet"
            "-p:PublishAot=false"
            "-o"
            inside "published"
        ]

        takeSteps [
            step "packing" (fun () ->
                pack [ "-nologo"; "-v"; "quiet"; $"-p:PackageVersion={version}" ] source)
            step "a program" (fun () -> start (using [ "run"; "-c"; "Release"; "User.cs" ] "user"))
            step "publishing it" (fun () -> start (using publish "user"))
            step "the published program" (fun () -> start (using [ "User.dll" ] "published"))
            step "a script" (fun () -> start (using [ "fsi"; "script.fsx" ] "script"))
            step "the library without libtorch" mustExplain
        ]
    finally
        folder.Delete true

let help () =
    printfn "    examples      run the examples"
    printfn "    format        format all sources; 'format --check' only says whether they are"

    printfn
        "    pack          make the NuGet packages, in artifacts/; 'pack --try' uses them in a program and a script"

    printfn "    clean         delete what was built"

exit (
    match List.ofArray (Array.tail fsi.CommandLineArgs) with
    | "format" :: rest -> format (List.contains "--check" rest)
    | [ "pack"; "--try" ] -> tryPackage ()
    | "pack" :: rest -> pack rest "artifacts"
    | "clean" :: _ -> clean ()
    | "examples" :: _ ->
        build experiments
        examples ()
    | ("test" | "matrix" | "bench") :: _ as arguments ->
        build "CausalDebias.Bench.sln"
        forward arguments
    | ([] | [ "help" ]) as arguments ->
        build experiments
        let code = forward arguments
        help ()
        code
    | arguments ->
        build experiments
        forward arguments
)
