namespace CausalDebiasing.Bench.Datasets

open System
open System.Runtime.InteropServices

/// What the system notes of a file whenever it is written. The time of change cannot be set by programs, unlike the time of
/// modification.
type FileStamp = {
    Device: int64
    Inode: int64
    Size: int64
    Modified: DateTime
    Changed: DateTime
}

module FileStamp =
    [<DllImport("libc", EntryPoint = "statx", SetLastError = true)>]
    extern int private statx(int folder, string path, int flags, uint32 mask, byte[] buffer)

    let private workingFolder = -100
    let private basicFacts = 0x7ffu
    let private bufferSize = 256

    let private time (buffer: byte[]) offset =
        DateTime.UnixEpoch
            .AddSeconds(float (BitConverter.ToInt64(buffer, offset)))
            .AddTicks(int64 (BitConverter.ToUInt32(buffer, offset + 8)) / 100L)

    let private ofBuffer buffer = {
        Device = BitConverter.ToInt64(buffer, 136)
        Inode = BitConverter.ToInt64(buffer, 32)
        Size = BitConverter.ToInt64(buffer, 40)
        Modified = time buffer 112
        Changed = time buffer 96
    }

    /// The stamp of a file; None where the system does not tell the time of change, or there is no such file.
    let tryTake (path: string) =
        if OperatingSystem.IsLinux() then
            let buffer = Array.zeroCreate<byte> bufferSize

            try
                if statx (workingFolder, path, 0, basicFacts, buffer) = 0 then
                    Some(ofBuffer buffer)
                else
                    None
            with :? EntryPointNotFoundException ->
                None
        else
            None
