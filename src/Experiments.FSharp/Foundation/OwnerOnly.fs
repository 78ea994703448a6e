namespace CausalDebiasing.Bench.Foundation

open System
open System.IO

/// Folders and files that only their owner can read, where the system has such a mode.
module OwnerOnly =
    let private readWrite = UnixFileMode.UserRead ||| UnixFileMode.UserWrite
    let private all = readWrite ||| UnixFileMode.UserExecute

    /// Creates the folder if need be, and takes what others may do there from it.
    let folder (path: string) =
        if OperatingSystem.IsWindows() then
            Directory.CreateDirectory path |> ignore
        else
            Directory.CreateDirectory(path, all) |> ignore
            File.SetUnixFileMode(path, all)

    /// Takes from a file what others may do with it.
    let file (path: string) =
        if not (OperatingSystem.IsWindows()) then
            File.SetUnixFileMode(path, readWrite)
