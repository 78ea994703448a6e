/// `matrix`: the tests that train, under every instruction set of this processor, with one and two threads, and with other
/// seeds: a test that holds in one of these settings only tests the setting.
module CausalDebiasing.Bench.Cli.Commands.Matrix

open System.Diagnostics
open System.Runtime.Intrinsics.X86
open CausalDebiasing.Bench.Cli
open CausalDebiasing.Bench.Reporting

/// How names of lists of tests that train end.
let mark = "(trains)"

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

/// What the tests came to under a setting; None where they were interrupted or ended without a summary.
let private runTests (interruption: Interruption) setting =
    let start = RunTests.starting [ "--filter-test-list"; mark ]
    start.Environment["ATEN_CPU_CAPABILITY"] <- setting.Instructions
    start.Environment["OMP_NUM_THREADS"] <- string setting.Threads
    start.Environment["CAUSALDEBIAS_TEST_SEED_SHIFT"] <- string setting.SeedShift
    use runner = nonNull (Process.Start start)
    use _ = interruption.Token.Register(fun () -> runner.Kill(entireProcessTree = true))
    let lines = runner.StandardOutput.ReadToEnd().Split '\n'
    runner.WaitForExit()

    for line in lines do
        if line.Contains " ERR] " then
            printfn $"    {line}"

    Array.tryPick RunTests.numbers lines

let private columns = [
    "instructions", false
    "threads", true
    "seeds", true
    "passed", true
    "failed", true
]

let private row (setting, counts) = [
    setting.Instructions
    string setting.Threads
    $"+{setting.SeedShift}"
    match counts with
    | Some(passed, failed, _) ->
        string passed
        string failed
    | None ->
        "-"
        "no summary"
]

let run (arguments: string list) =
    Parsing.parse<NoArgument> "matrix" arguments |> ignore
    use interruption = new Interruption()

    let results = [
        for setting in settings do
            if not interruption.Token.IsCancellationRequested then
                printfn $"{setting.Instructions}, {setting.Threads} thread(s), seeds +{setting.SeedShift}..."
                setting, runTests interruption setting
    ]

    printf $"{ConsoleTable.table ConsoleTable.unlimited columns (List.map row results)}"

    let hasPassed =
        function
        | _, Some(passed, failed, _) -> passed > 0 && failed = 0
        | _, None -> false

    if interruption.Token.IsCancellationRequested then
        Exit.Interrupted
    elif List.forall hasPassed results then
        Exit.Success
    else
        Exit.CheckFailed
