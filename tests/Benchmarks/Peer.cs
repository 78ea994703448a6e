using System.ComponentModel;
using System.Diagnostics;

namespace CausalDebiasing.Benchmarks;

/// <summary>
/// <c>bench peer</c>: the suite's training beside that of an eager PyTorch script (<c>peer/train.py</c>) with the same layers, rows,
/// order of batches, optimiser, clipping, validation pass and epochs, one thread each, in processes of their own that take turns.
/// </summary>
internal static class Peer
{
    /// <summary>The first argument of a process that fits for the comparison.</summary>
    internal const string FitVerb = "peer-fit";

    private const double MostDifference = 0.01;

    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "peer", "train.py");

    private static readonly Dictionary<string, string> Defaults = new()
    {
        ["--pairs"] = "5",
        ["--epochs"] = "12",
        ["--models"] = "zero-fill-mlp,mask-concat-mlp,mt,muse",
        ["--python"] = "",
        ["--out"] = "",
    };

    /// <summary>Compares; 1 where AUROCs differ, 2 for options that are not known, 0 also where there is no PyTorch.</summary>
    internal static int Run(string[] arguments)
    {
        var options = new Dictionary<string, string>(Defaults);
        foreach (var option in arguments.Chunk(2))
            if (option is [var name, var value] && options.ContainsKey(name))
                options[name] = value;
            else
                return Refuse(
                    $"'{option[0]}' is not one of {string.Join(", ", Defaults.Keys)} with a value."
                );
        if (!(int.TryParse(options["--pairs"], out var pairs) && pairs > 0))
            return Refuse($"--pairs '{options["--pairs"]}' is not a number of at least 1.");
        if (!(int.TryParse(options["--epochs"], out var epochs) && epochs > 1))
            return Refuse($"--epochs '{options["--epochs"]}' is not a number of at least 2.");
        if (Array.Find(Pythons(options["--python"]), HasPyTorch) is not { } python)
        {
            Console.WriteLine("No python3 with PyTorch and NumPy was found: nothing to compare with.");
            return 0;
        }
        var folder = Directory.CreateTempSubdirectory("causaldebias-peer-");
        try
        {
            PeerData.Write(folder.FullName);
            var found = new List<PeerComparison>();
            foreach (var model in options["--models"].Split(','))
            {
                found.Add(Compare(model, pairs, epochs, python, folder.FullName));
                Console.WriteLine(found[^1].Line);
            }
            if (options["--out"] is not "" and var file)
                File.WriteAllText(file, PeerComparison.Table(found));
            return found.All(own => own.AurocDifference <= MostDifference)
                ? 0
                : Fail($"AUROCs differ by more than {MostDifference}: the two do not train the same.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static PeerComparison Compare(string model, int pairs, int epochs, string python, string folder)
    {
        var runs = new List<(PeerRun Own, PeerRun Other)>();
        for (var pair = 1; pair <= pairs; pair++)
        {
            PeerData.WriteOrder(folder, (ulong)pair, epochs);
            string[] what = [model, $"{pair}", $"{epochs}"];
            runs.Add(
                (
                    PeerRun.By("dotnet", [Environment.GetCommandLineArgs()[0], FitVerb, .. what]),
                    PeerRun.By(python, [Script, folder, .. what])
                )
            );
        }
        return new(model, runs);
    }

    private static string[] Pythons(string given) => given == "" ? ["python3", "/usr/bin/python3"] : [given];

    private static bool HasPyTorch(string python)
    {
        try
        {
            var start = new ProcessStartInfo(python, ["-c", "import numpy, torch"])
            {
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    private static int Refuse(string message)
    {
        Console.Error.WriteLine($"error: {message}");
        return 2;
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"error: {message}");
        return 1;
    }
}
