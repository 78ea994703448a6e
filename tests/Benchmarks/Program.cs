using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using CausalDebiasing.Benchmarks;

CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;

switch (args)
{
    case ["peer", .. var options]:
        return Peer.Run(options);
    case [Peer.FitVerb, var model, var seed, var epochs]:
        Console.WriteLine(PeerRun.Here(model, ulong.Parse(seed), int.Parse(epochs)).Write());
        return 0;
}

// In process: the native library that the build adapts to the host is in this program's own folder.
var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
BenchmarkSwitcher
    .FromAssembly(typeof(Program).Assembly)
    .Run(args.Length == 0 ? ["--filter", "*"] : args, config);
return 0;
