using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using TByte.Functions.Micro;

// In this process: the generated projects of the other way inherit the repository's build settings, and take minutes.
bool isShort = args is ["--short", ..];
Job job = (isShort ? Job.ShortRun : Job.Default).WithToolchain(InProcessEmitToolchain.Instance);
BenchmarkSwitcher.FromAssembly(typeof(MemoryHit).Assembly).Run(
    [.. isShort ? args[1..] : args, .. args.Contains("--filter") ? Array.Empty<string>() : ["--filter", "*"]],
    DefaultConfig.Instance.AddJob(job).WithOptions(ConfigOptions.JoinSummary));
