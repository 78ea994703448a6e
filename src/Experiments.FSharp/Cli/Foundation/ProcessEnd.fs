/// Ending this process at once.
module CausalDebiasing.Bench.Cli.ProcessEnd

open System
open System.Runtime.InteropServices

[<DllImport("libc", EntryPoint = "_exit")>]
extern void private exitNow(int code)

/// Ends the process without waiting for native code that is at work, whose clean-up under way would abort it.
let atOnce code =
    Console.Out.Flush()

    if OperatingSystem.IsWindows() then
        Environment.Exit code
    else
        exitNow code
