using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Security.Cryptography;
using TorchSharp;

namespace CausalDebiasing.Runtime;

/// <summary>TorchSharp's native library among the files of this process, and an adapted copy of it where it needs one.</summary>
internal static class TorchLibrary
{
    /// <summary>The version of libtorch that TorchSharp is made for; asking TorchSharp would load it.</summary>
    internal const string TorchVersion = "2.10.0";

    private const string Name = "libLibTorchSharp.so";

    /// <summary>In the order in which they can be loaded.</summary>
    private static readonly string[] Torch = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];

    /// <summary>The package that has libtorch for this system.</summary>
    internal static string Package =>
        OperatingSystem.IsWindows() ? "libtorch-cpu-win-x64"
        : OperatingSystem.IsMacOS() ? "libtorch-cpu-osx-arm64"
        : "libtorch-cpu-linux-x64";

    /// <summary>Loads an adapted copy where the library as it is cannot be loaded; does nothing elsewhere.</summary>
    internal static void AdaptWhereNeeded()
    {
        if (!OperatingSystem.IsLinux() || GlibcxxCompatibility.HostHasVersion())
            return;
        var folders = Folders().Where(Directory.Exists).Distinct().ToArray();
        if (Find(folders, Name) is not { } library || !GlibcxxCompatibility.NeedsWeakening(library))
            return;
        var parts = Torch.Select(part => Find(folders, part)).ToArray();
        if (parts.Contains(null))
            return;
        foreach (var part in parts)
            if (!NativeLibrary.TryLoad(part!, out _))
                return;
        if (TryAdapt(library) is not { } adapted || !NativeLibrary.TryLoad(adapted, out var handle))
            return;
        // Asked after the file that cannot be loaded was tried.
        AssemblyLoadContext.GetLoadContext(typeof(torch).Assembly)!.ResolvingUnmanagedDll += (_, name) =>
            name.Contains("LibTorchSharp", StringComparison.Ordinal) ? handle : IntPtr.Zero;
    }

    private static string? TryAdapt(string library)
    {
        try
        {
            return Adapted(library, Cache());
        }
        catch (Exception problem)
            when (problem is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            Console.Error.WriteLine(
                $"CausalDebias: TorchSharp's library could not be adapted to this system: {problem.Message}"
            );
            return null;
        }
    }

    /// <summary>The adapted copy, which is made unless an earlier process has.</summary>
    /// <param name="library">What it is made of.</param>
    /// <param name="cache">The folder in which copies are kept.</param>
    internal static string Adapted(string library, string cache)
    {
        var content = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(library)))[..16];
        var folder = Path.Combine(cache, $"torchsharp-{content}");
        var adapted = Path.Combine(folder, Name);
        if (File.Exists(adapted))
            return adapted;
        Directory.CreateDirectory(folder);
        AtomicWrite.To(
            adapted,
            copy =>
            {
                File.Copy(library, copy);
                GlibcxxCompatibility.Weaken(copy);
            }
        );
        Console.Error.WriteLine(
            $"CausalDebias: this system's libstdc++ lacks {GlibcxxCompatibility.Version}; TorchSharp's library was adapted to do without, in '{folder}'."
        );
        return adapted;
    }

    /// <summary>A folder of this user's: what is loaded from there runs as this process.</summary>
    private static string Cache()
    {
        var own = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData,
            Environment.SpecialFolderOption.DoNotVerify
        );
        return own.Length > 0
            ? Path.Combine(own, "CausalDebias")
            : Directory.CreateTempSubdirectory("causaldebias-").FullName;
    }

    private static string? Find(IEnumerable<string> folders, string file) =>
        folders.Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);

    /// <summary>Where natives are, of a program as built or published, and of packages as a script takes them.</summary>
    private static IEnumerable<string> Folders()
    {
        var native = Path.Combine("runtimes", "linux-x64", "native");
        var own = Path.GetDirectoryName(typeof(torch).Assembly.Location) ?? "";
        foreach (var folder in (string[])[own, AppContext.BaseDirectory])
        {
            yield return folder;
            yield return Path.Combine(folder, native);
        }
        foreach (
            var folder in (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(
                Path.PathSeparator,
                StringSplitOptions.RemoveEmptyEntries
            )
        )
            yield return folder;
        if (own.Length == 0)
            yield break;
        yield return Path.GetFullPath(Path.Combine(own, "..", "..", native));
        var packages = Path.GetFullPath(Path.Combine(own, "..", "..", "..", ".."));
        yield return Path.Combine(packages, Package, TorchVersion, native);
    }
}
