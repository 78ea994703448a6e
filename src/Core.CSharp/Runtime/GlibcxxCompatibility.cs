#nullable enable
using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

namespace CausalDebiasing.Runtime;

/// <summary>
/// Lets TorchSharp's <c>libLibTorchSharp.so</c> load on Linux systems whose libstdc++ is older than GCC 13.2.
/// That library demands the symbol version <see cref="Version"/>, yet no relocation uses the one symbol of
/// that version; marking the demand as weak makes the dynamic linker accept its absence.
/// </summary>
/// <remarks>
/// This file is compiled twice: into the library, and by MSBuild as the inline task of
/// <c>CausalDebias.Core.targets</c>, for netstandard2.0. The layout of the tables is that of the ELF-64 object
/// file format and of the Linux Standard Base, "Symbol Versioning".
/// </remarks>
internal static class GlibcxxCompatibility
{
    /// <summary>The symbol version that an older libstdc++ lacks.</summary>
    internal const string Version = "GLIBCXX_3.4.32";

    private const string Symbol = "_ZSt21ios_base_library_initv";
    private const uint VersionNeeds = 0x6ffffffe; // SHT_GNU_verneed
    private const ushort Weak = 0x2; // VER_FLG_WEAK

    /// <summary>
    /// Whether the libstdc++ that this process would load provides <see cref="Version"/>. True on systems other
    /// than Linux, where the question does not arise.
    /// </summary>
    internal static bool HostHasVersion()
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Linux))
            return true;
        var library = NativeMethods.Open("libstdc++.so.6", NativeMethods.Now);
        return library != IntPtr.Zero
            && NativeMethods.VersionedSymbol(library, Symbol, Version) != IntPtr.Zero;
    }

    /// <summary>Whether the shared object demands <see cref="Version"/> and is not marked as weak yet.</summary>
    /// <exception cref="InvalidDataException">The file is not a well-formed little-endian ELF-64 file.</exception>
    internal static bool NeedsWeakening(string path) =>
        StrongDemands(path, File.ReadAllBytes(path)).Count > 0;

    /// <summary>
    /// Marks the demand for <see cref="Version"/> as weak; does nothing where there is none. The file is replaced
    /// by rename and keeps its time stamp: other hard links to it (the package cache) keep their content, and an
    /// incremental build still takes it for the file that it copied.
    /// </summary>
    /// <returns>Whether the file was changed.</returns>
    /// <exception cref="InvalidDataException">The file is not a well-formed little-endian ELF-64 file.</exception>
    internal static bool Weaken(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var demands = StrongDemands(path, bytes);
        if (demands.Count == 0)
            return false;
        foreach (var flags in demands)
            bytes[flags] |= (byte)Weak;

        var temporary = path + "." + Guid.NewGuid().ToString("N") + ".tmp";
        try
        {
            File.Copy(path, temporary); // also copies the permissions
            File.WriteAllBytes(temporary, bytes);
            File.SetLastWriteTimeUtc(temporary, File.GetLastWriteTimeUtc(path));
            File.Replace(temporary, path, null);
        }
        finally
        {
            File.Delete(temporary);
        }
        return true;
    }

    /// <summary>Does <see cref="Weaken"/> where the host lacks <see cref="Version"/>, and nothing elsewhere.</summary>
    /// <param name="path">The shared object.</param>
    /// <param name="hostHasVersion">Normally <see cref="HostHasVersion"/>.</param>
    /// <returns>Whether the file was changed.</returns>
    internal static bool WeakenWhereNeeded(string path, Func<bool> hostHasVersion) =>
        !hostHasVersion() && Weaken(path);

    /// <summary>Offsets of the <c>vna_flags</c> of every entry that demands the version and is not weak.</summary>
    private static List<int> StrongDemands(string path, byte[] bytes)
    {
        var elf = new ElfReader(path, bytes);
        var sections = elf.Sections();
        var found = new List<int>();
        foreach (var section in sections)
        {
            if (section.Type != VersionNeeds)
                continue;
            if (section.Link >= sections.Count)
                throw elf.Malformed("its version table names a string table that does not exist");
            var names = sections[(int)section.Link];
            var need = section.Offset;
            for (uint i = 0; i < section.Info; i++)
            {
                var entry = need + elf.Word(need + 8);
                for (var left = elf.Half(need + 2); left > 0; left--)
                {
                    if (elf.Text(names, elf.Word(entry + 8)) == Version && (elf.Half(entry + 4) & Weak) == 0)
                        found.Add((int)entry + 4);
                    entry += elf.Word(entry + 12);
                }
                need += elf.Word(need + 12);
            }
        }
        return found;
    }

    private readonly struct Section(uint type, long offset, long size, uint link, uint info)
    {
        public uint Type { get; } = type;
        public long Offset { get; } = offset;
        public long Size { get; } = size;
        public uint Link { get; } = link;
        public uint Info { get; } = info;
    }

    /// <summary>Bounds-checked little-endian reads.</summary>
    private sealed class ElfReader(string path, byte[] bytes)
    {
        public InvalidDataException Malformed(string reason) =>
            new($"'{path}' is not a usable ELF-64 little-endian file: {reason}.");

        public List<Section> Sections()
        {
            if (bytes.Length < 64 || Word(0) != 0x464c457f)
                throw Malformed("it has no ELF header");
            if (bytes[4] != 2 || bytes[5] != 1)
                throw Malformed("it is of another class or byte order");
            var table = Offset(0x28);
            var size = Half(0x3a);
            var count = Half(0x3c);
            Check(table, count * size);
            if (table == 0 || count == 0 || size < 64)
                throw Malformed("it has no section headers");
            var sections = new List<Section>();
            for (var at = table; sections.Count < count; at += size)
                sections.Add(
                    new(Word(at + 4), Offset(at + 24), Offset(at + 32), Word(at + 40), Word(at + 44))
                );
            return sections;
        }

        public ushort Half(long at) => (ushort)(bytes[Check(at, 2)] | bytes[at + 1] << 8);

        public uint Word(long at) => Half(Check(at, 4)) | (uint)Half(at + 2) << 16;

        public string Text(Section names, uint start)
        {
            var first = Check(names.Offset + start, 1);
            var end = Array.IndexOf(bytes, (byte)0, first);
            if (start >= names.Size || end < 0 || end >= names.Offset + names.Size)
                throw Malformed("a name lies outside its string table");
            return Encoding.ASCII.GetString(bytes, first, end - first);
        }

        private long Offset(long at)
        {
            var high = Word(at + 4);
            return high == 0 ? Word(at) : throw Malformed("an offset points beyond its end");
        }

        private int Check(long at, int length) =>
            at >= 0 && at <= bytes.Length - length ? (int)at : throw Malformed("it ends too early");
    }

    private static class NativeMethods
    {
        public const int Now = 2;

        [DllImport("libc.so.6", EntryPoint = "dlopen")]
        public static extern IntPtr Open(string file, int mode);

        [DllImport("libc.so.6", EntryPoint = "dlvsym")]
        public static extern IntPtr VersionedSymbol(IntPtr library, string symbol, string version);
    }
}

#if !NET
/// <summary>The build step: <see cref="GlibcxxCompatibility.WeakenWhereNeeded"/> for every file.</summary>
public sealed class WeakenGlibcxxDemand : Microsoft.Build.Utilities.Task
{
    /// <summary>Copies of <c>libLibTorchSharp.so</c> in output directories.</summary>
    [Microsoft.Build.Framework.Required]
    public string[] Files { get; set; } = [];

    /// <inheritdoc />
    public override bool Execute()
    {
        try
        {
            foreach (var file in Files)
                if (GlibcxxCompatibility.WeakenWhereNeeded(file, GlibcxxCompatibility.HostHasVersion))
                    Log.LogMessage(
                        "This system's libstdc++ lacks {0}: made '{1}' loadable without it.",
                        GlibcxxCompatibility.Version,
                        file
                    );
        }
        catch (Exception failure)
            when (failure is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            Log.LogError(failure.Message);
        }
        return !Log.HasLoggedErrors;
    }
}
#endif
