using TorchSharp;

namespace CausalDebiasing.Runtime;

/// <summary>
/// The native torch that networks run on: loads it, also where TorchSharp alone would not, and gives it one thread. Fits and
/// loads do so by themselves on their first use.
/// </summary>
public static class TorchRuntime
{
    private const string ThreadsVariable = "OMP_NUM_THREADS";

    private static readonly Lock Gate = new();

    /// <summary>What every thread is to have; 0 before libtorch is loaded.</summary>
    private static int threads;

    /// <summary>What the calling thread has; 0 before it was told.</summary>
    [ThreadStatic]
    private static int own;

    /// <summary>
    /// Threads that one operation on tensors may use, at least 1. By default one, since networks on patients' tables are small, and
    /// torch's own choice of all cores is many times slower on a busy machine; the environment variable
    /// <c>OMP_NUM_THREADS</c> gives another default. It holds for every thread from its next fit, load or prediction on. Results with different numbers differ in the last bits.
    /// </summary>
    /// <exception cref="InputException">It is set below 1, or libtorch cannot be loaded (<see cref="EnsureLoadable"/>).</exception>
    public static int Threads
    {
        get
        {
            EnsureLoadable();
            return torch.get_num_threads();
        }
        set
        {
            if (value < 1)
                throw new InputException($"{value} threads cannot compute; give 1 or more.");
            EnsureLoadable();
            Volatile.Write(ref threads, value);
            Take(value);
        }
    }

    /// <summary>
    /// The version of symbols that TorchSharp's library demands and this system's libstdc++ lacks, so that the library is
    /// adapted to do without; null where none is lacking.
    /// </summary>
    public static string? LackingSymbols =>
        GlibcxxCompatibility.HostHasVersion() ? null : GlibcxxCompatibility.Version;

    /// <summary>
    /// Loads libtorch, once, and gives the calling thread the number of threads in <see cref="Threads"/>; later calls do nothing.
    /// Fits, loads and predictions call it. Where the system's libstdc++ is too old for TorchSharp's library
    /// (<see cref="LackingSymbols"/>) and no build step has adapted it, as in a script or notebook, a private copy is
    /// adapted, kept for later processes, and loaded in its place, which is said in one line on standard error.
    /// </summary>
    /// <exception cref="InputException">There is no libtorch for this system among the application's files and packages.</exception>
    public static void EnsureLoadable()
    {
        if (Volatile.Read(ref threads) == 0)
            LoadOnce();
        var wanted = Volatile.Read(ref threads);
        if (own != wanted)
            Take(wanted);
    }

    /// <summary>Every thread that calls OpenMP and MKL has a number of its own, at first that of all cores.</summary>
    private static void Take(int number)
    {
        torch.set_num_threads(number);
        own = number;
    }

    private static void LoadOnce()
    {
        lock (Gate)
        {
            if (threads != 0)
                return;
            TorchLibrary.AdaptWhereNeeded();
            Load();
            var isGiven = Environment.GetEnvironmentVariable(ThreadsVariable) is not (null or "");
            Volatile.Write(ref threads, isGiven ? torch.get_num_threads() : 1);
        }
    }

    private static void Load()
    {
        var output = Console.Out;
        try
        {
            // TorchSharp writes a page to standard output before it fails.
            Console.SetOut(TextWriter.Null);
            torch.InitializeDeviceType(DeviceType.CPU);
        }
        catch (Exception problem)
            when (problem is NotSupportedException or DllNotFoundException or TypeInitializationException)
        {
            throw new InputException(
                $"libtorch cannot be loaded: reference the package CausalDebias, or {TorchLibrary.Package} {TorchLibrary.TorchVersion} beside CausalDebias.Core."
            );
        }
        finally
        {
            Console.SetOut(output);
        }
    }
}
