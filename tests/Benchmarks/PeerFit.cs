using System.Diagnostics;
using System.Text.Json;
using CausalDebiasing.Cohorts;
using CausalDebiasing.Metrics;
using CausalDebiasing.Predictors;
using CausalDebiasing.Runtime;

namespace CausalDebiasing.Benchmarks;

/// <summary>How fast and how well a network was trained.</summary>
/// <param name="Processor">Training rows per second of processor time, from the end of the first epoch on.</param>
/// <param name="Wall">The same of wall time.</param>
/// <param name="Auroc">On the test rows.</param>
internal sealed record PeerFit(double Processor, double Wall, double Auroc)
{
    /// <summary>Fits a baseline of the suite.</summary>
    internal static PeerFit Of(string model, ulong seed, int epochs)
    {
        using var process = Process.GetCurrentProcess();
        var marks = new List<(TimeSpan Processor, TimeSpan Wall)>();
        var clock = Stopwatch.StartNew();
        using var predictor = Networks.Create(model, "plain");
        predictor.Fit(
            PeerData.Train,
            PeerData.Validation,
            new FitContext
            {
                Seed = new Seed(seed),
                MostEpochs = epochs,
                InputScale = InputScale.Standardised,
                Progress = _ =>
                {
                    process.Refresh();
                    marks.Add((process.TotalProcessorTime, clock.Elapsed));
                },
            }
        );
        var rows = (marks.Count - 1) * PeerData.TrainingRows;
        var auroc = Metrics.Auroc.Compute(PeerData.Test.Labels, predictor.PredictProbability(PeerData.Test));
        return new(
            rows / (marks[^1].Processor - marks[0].Processor).TotalSeconds,
            rows / (marks[^1].Wall - marks[0].Wall).TotalSeconds,
            auroc
        );
    }
}

/// <summary>What a process of either side prints: the first fit of the process and the second.</summary>
/// <param name="Library">What it computes with.</param>
/// <param name="Fits">Two.</param>
internal sealed record PeerRun(string Library, PeerFit[] Fits)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Fits a baseline of the suite twice in this process.</summary>
    internal static PeerRun Here(string model, ulong seed, int epochs) =>
        new(
            $"libtorch {TorchSharp.torch.__version__}",
            [PeerFit.Of(model, seed, epochs), PeerFit.Of(model, seed, epochs)]
        );

    internal string Write() => JsonSerializer.Serialize(this, Json);

    /// <summary>Runs a program with one thread and reads what it prints.</summary>
    /// <exception cref="InvalidOperationException">It fails.</exception>
    internal static PeerRun By(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        start.Environment["OMP_NUM_THREADS"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<PeerRun>(output, Json)!
            : throw new InvalidOperationException(
                $"'{program} {string.Join(' ', arguments)}' ended with {process.ExitCode}."
            );
    }
}
