module CausalDebiasing.Tests.Runtime.GlibcxxCompatibilityTests

open System
open System.IO
open System.Text
open CausalDebiasing.Runtime
open Expecto
open TorchSharp

let private weak = 2us

/// A minimal ELF-64 object: header, string table, version needs of two libraries, three section headers.
/// Returns the bytes and the offset of the flags of the GLIBCXX_3.4.32 entry.
let private elf (flags: uint16) =
    let names =
        "\000libc.so.6\000GLIBC_2.34\000libstdc++.so.6\000GLIBCXX_3.4.32\000GLIBCXX_3.4.21\000"

    let name (text: string) =
        uint32 (names.IndexOf $"\000{text}\000" + 1)

    let stringsAt, needsAt = 64, 64 + names.Length
    use stream = new MemoryStream()
    use writer = new BinaryWriter(stream)

    let need (file: string) count next =
        writer.Write 1us
        writer.Write(count: uint16)
        writer.Write(name file)
        writer.Write 16u
        writer.Write(next: uint32)

    let aux version (flags: uint16) next =
        writer.Write 0u
        writer.Write flags
        writer.Write 2us
        writer.Write(name version)
        writer.Write(next: uint32)

    writer.Write [| 0x7Fuy; byte 'E'; byte 'L'; byte 'F'; 2uy; 1uy; 1uy |]
    stream.Position <- 64L
    writer.Write(Encoding.ASCII.GetBytes names)
    need "libc.so.6" 1us 32u
    aux "GLIBC_2.34" 0us 0u
    need "libstdc++.so.6" 2us 0u
    aux "GLIBCXX_3.4.21" 0us 16u
    let flagsAt = int stream.Position + 4
    aux "GLIBCXX_3.4.32" flags 0u
    let needsEnd = int stream.Position

    let section (kind: uint32) (from: int) (size: int) (link: uint32) (info: uint32) =
        writer.Write 0u
        writer.Write kind
        writer.Write(Array.zeroCreate<byte> 16)
        writer.Write(uint64 from)
        writer.Write(uint64 size)
        writer.Write link
        writer.Write info
        writer.Write(Array.zeroCreate<byte> 16)

    section 0u 0 0 0u 0u
    section 3u stringsAt names.Length 0u 0u
    section 0x6ffffffeu needsAt (needsEnd - needsAt) 1u 2u
    stream.Position <- 0x28L
    writer.Write(uint64 needsEnd)
    stream.Position <- 0x3AL
    writer.Write 64us
    writer.Write 3us
    stream.ToArray(), flagsAt

let private withFile (bytes: byte[]) action =
    let folder = Directory.CreateTempSubdirectory "glibcxx"

    try
        let path = Path.Combine(folder.FullName, "lib.so")
        File.WriteAllBytes(path, bytes)
        File.SetLastWriteTimeUtc(path, DateTime(2020, 2, 3, 4, 5, 6, DateTimeKind.Utc))
        action path
        Expect.equal (folder.GetFiles().Length) 1 "nothing is left beside the file"
    finally
        folder.Delete true

let private native = Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so")

let private malformed message bytes =
    withFile bytes (fun path ->
        let error =
            Expect.throwsC (fun () -> GlibcxxCompatibility.Weaken path |> ignore) (function
                | :? InvalidDataException as e -> e.Message
                | e -> failtestf "another exception: %O" e)

        Expect.stringContains error message "says what is wrong"
        Expect.stringContains error path "says where"
        Expect.equal (File.ReadAllBytes path) bytes "leaves the file alone")

[<Tests>]
let tests =
    testSequenced
    <| testList "GlibcxxCompatibility" [
        test "weakening sets one flag, keeps the time stamp and is idempotent" {
            let bytes, flagsAt = elf 0us

            withFile bytes (fun path ->
                let stamp = File.GetLastWriteTimeUtc path
                Expect.isTrue (GlibcxxCompatibility.NeedsWeakening path) "before"
                Expect.isTrue (GlibcxxCompatibility.Weaken path) "changed"
                Expect.equal (File.ReadAllBytes path) (fst (elf weak)) "differs in the flag only"
                Expect.equal (Array.get (File.ReadAllBytes path) flagsAt) 2uy "at that version's entry"
                Expect.equal (File.GetLastWriteTimeUtc path) stamp "time stamp"
                Expect.isFalse (GlibcxxCompatibility.NeedsWeakening path) "after"
                Expect.isFalse (GlibcxxCompatibility.Weaken path) "second time")
        }
        test "another link to the same file keeps its content" {
            let bytes, _ = elf 0us
            let folder = Directory.CreateTempSubdirectory "glibcxx"

            try
                let cached = Path.Combine(folder.FullName, "cached.so")
                let output = Path.Combine(folder.FullName, "output.so")
                File.WriteAllBytes(cached, bytes)
                use link = Diagnostics.Process.Start("ln", [ cached; output ])
                link.WaitForExit()
                Expect.isTrue (GlibcxxCompatibility.Weaken output) "changed"
                Expect.equal (File.ReadAllBytes cached) bytes "the cached file"
            finally
                folder.Delete true
        }
        test "a host that has the version leaves the file alone" {
            let bytes, _ = elf 0us

            withFile bytes (fun path ->
                Expect.isFalse (GlibcxxCompatibility.WeakenWhereNeeded(path, fun () -> true)) "unchanged"
                Expect.equal (File.ReadAllBytes path) bytes "bytes"
                Expect.isTrue (GlibcxxCompatibility.WeakenWhereNeeded(path, fun () -> false)) "changed")
        }
        test "malformed files are refused" {
            let bytes, _ = elf 0us

            let with' offset (value: byte) =
                let copy = Array.copy bytes
                copy[offset] <- value
                copy

            malformed "no ELF header" (Encoding.ASCII.GetBytes(String('x', 100)))
            malformed "no ELF header" bytes[..40]
            malformed "class or byte order" (with' 4 1uy)
            malformed "class or byte order" (with' 5 2uy)
            malformed "no section headers" (with' 0x3C 0uy)
            malformed "beyond its end" (with' 0x2E 1uy)
            malformed "ends too early" bytes[.. bytes.Length - 10]
            malformed "string table that does not exist" (with' (bytes.Length - 24) 9uy)
        }
        testCase "every truncation of a file is refused, not misread"
        <| fun () ->
            let bytes, _ = elf 0us

            for length in 0 .. bytes.Length - 1 do
                withFile bytes[.. length - 1] (fun path ->
                    Expect.throwsT<InvalidDataException>
                        (fun () -> GlibcxxCompatibility.NeedsWeakening path |> ignore)
                        $"{length} bytes")
        if OperatingSystem.IsLinux() then
            test "the build has made TorchSharp's library fit this host" {
                let demands = GlibcxxCompatibility.NeedsWeakening native

                if not (GlibcxxCompatibility.HostHasVersion()) then
                    Expect.isFalse demands "weak where the host lacks the version"

                withFile (File.ReadAllBytes native) (fun path ->
                    Expect.equal (GlibcxxCompatibility.Weaken path) demands "weakens what demands"
                    Expect.isFalse (GlibcxxCompatibility.NeedsWeakening path) "no demand is left")
            }
        test "a tensor operation works after a plain build" {
            use sum = torch.ones(3L).sum()
            Expect.equal (sum.ToSingle()) 3.0f "sum of three ones"
        }
    ]
