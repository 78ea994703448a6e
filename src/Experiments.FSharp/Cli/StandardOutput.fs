/// The stream that results are told on.
module CausalDebiasing.Bench.Cli.StandardOutput

open System
open System.Runtime.InteropServices
open CausalDebiasing.Runtime

[<DllImport("libc", EntryPoint = "fcntl")>]
extern int private control(int file, int command)

let private standardOutput = 1
let private getFlags = 3
let private accessMode = 3

/// Raises InputException when standard output was closed by whoever started the program. Its number then is that of the
/// first file that was opened, which is for reading only.
let check () =
    if not (OperatingSystem.IsWindows()) then
        let flags = control (standardOutput, getFlags)

        if flags < 0 || flags &&& accessMode = 0 then
            raise (InputException "Standard output is closed: send it to a file, or to /dev/null.")
