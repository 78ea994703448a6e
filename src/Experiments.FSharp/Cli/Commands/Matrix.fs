/// `matrix`: the tests that train, under every instruction set of this processor, with one and two threads, and with other
/// seeds: a test that holds in one of these settings only tests the setting.
module CausalDebiasing.Bench.Cli.Commands.Matrix

open System.Diagnostics
open System.Runtime.Intrinsics.X86
open CausalDebiasing.Bench.Cli

/// Lists of tests that judge what a trained network does.
let private lists = [
    "second start"
    "training"
    "refit"
    "offsets"
    "group objectives"
    "just train twice"
    "hidden practice"
    "recalibration"
    "pattern shift"
]

type private Setting = {
    Instructions: string
    Threads: int
    /// What is added to the seeds of the tests.
    SeedShift: int
}

let private settings = [
    for instructions, isThere in [ "default", true; "avx2", Avx2.IsSupported; "avx512", Avx512F.IsSupported ] do
        if isThere then
            for threads in 1..2 do
                {
                    Instructions = instructions
                    Threads = threads
                    SeedShift = 0
                }
    for shift in 1..10 do
        {
            Instructions = if Avx2.IsSupported then "avx2" else "default"
            Threads = 1
            SeedShift = 100 * shift
        }
]

/// Tests passed and failed, and the lines that name the failed ones.
let private runList (interruption: Interruption) setting list =
    let start = RunTests.starting [ "--filter"; list ]
    start.Environment["ATEN_CPU_CAPABILITY"] <- setting.Instructions
    start.Environment["OMP_NUM_THREADS"] <- string setting.Threads
    start.Environment["CAUSALDEBIAS_TEST_SEED_SHIFT"] <- string setting.SeedShift
    use runner = nonNull (Process.Start start)
    use _ = interruption.Token.Register(fun () -> runner.Kill(entireProcessTree = true))
    let lines = runner.StandardOutput.ReadToEnd().Split '\n'
    runner.WaitForExit()

    let named =
        lines |> Array.filter (fun line -> line.Contains " ERR] ") |> List.ofArray

    match Array.tryPick RunTests.numbers lines with
    | Some(passed, failed, _) -> passed, failed, named
    | None when interruption.Token.IsCancellationRequested -> 0, 0, []
    | None -> 0, 1, [ $"'{list}' ended with exit code {runner.ExitCode} and no summary" ]

let run (arguments: string list) =
    Parsing.parse<NoArgument> "matrix" arguments |> ignore
    use interruption = new Interruption()
    let mutable allPassed, allFailed = 0, 0

    for setting in settings do
        if not interruption.Token.IsCancellationRequested then
            let results = lists |> List.map (runList interruption setting)
            let passed = results |> List.sumBy (fun (passed, _, _) -> passed)
            let failed = results |> List.sumBy (fun (_, failed, _) -> failed)

            printfn
                $"{setting.Instructions, -8} {setting.Threads} thread(s), seeds +{setting.SeedShift, -4} {passed} passed, {failed} failed"

            for _, _, named in results do
                List.iter (printfn "    %s") named

            allPassed <- allPassed + passed
            allFailed <- allFailed + failed

    printfn $"{allPassed} passed, {allFailed} failed"

    if interruption.Token.IsCancellationRequested then
        Exit.Interrupted
    elif allFailed > 0 then
        Exit.CheckFailed
    else
        Exit.Success
