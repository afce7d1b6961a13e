using System.Collections.Immutable;
using Microsoft.Diagnostics.Tracing.Etlx;

namespace Mainstay.Prove.Experiments.Blocking.Managed;

/// <summary>The stacks in a trace of a .NET process: those of threads of the pool, which is what requests wait for.</summary>
internal static class ManagedStacks
{
    /// <summary>The root of whatever a thread of the pool does.</summary>
    private const string Pool = "System.Threading.PortableThreadPool+WorkerThread.WorkerThreadStart";

    /// <summary>Each different one, the innermost call first, and in how many of the samples it was seen.</summary>
    public static IReadOnlyList<(ImmutableArray<StackFrame> Stack, int Samples)> Read(string file)
    {
        var converted = TraceLog.CreateFromEventPipeDataFile(file, file + ".etlx", new() { ContinueOnError = true });
        using var lines = new SourceLines();
        using var log = new TraceLog(converted);
        // The index of a stack is the same for the same stack.
        var samples = log.Events.Where(sample => sample.ProviderName == "Microsoft-DotNETCore-SampleProfiler")
            .GroupBy(sample => sample.CallStackIndex()).Where(group => group.Key != CallStackIndex.Invalid);
        var read = new List<(ImmutableArray<StackFrame>, int)>();
        foreach (var group in samples)
        {
            var addresses = new List<TraceCodeAddress>();
            for (var call = log.CallStacks[group.Key]; call is not null; call = call.Caller)
                addresses.Add(call.CodeAddress);
            if (addresses.Exists(address => address.FullMethodName.StartsWith(Pool, StringComparison.Ordinal)))
                read.Add(([.. addresses.Select(address => FrameOf(address, lines))], group.Count()));
        }
        return read;
    }

    /// <summary>What comes with the runtime has no file, as far as a stack is concerned; a library without symbols has that of its assembly.</summary>
    private static StackFrame FrameOf(TraceCodeAddress address, SourceLines lines)
    {
        var function = MethodName.Of(address.FullMethodName);
        var module = address.ModuleFile?.FilePath ?? "";
        if (IsRuntimes(address.ModuleName, module) || address.Method is not { } method)
            return new(function, "", 0);
        return lines.Find(module, method.MethodToken, address.ILOffset) is { } source
            ? new(function, source.File, source.Line)
            : new(function, module, 0);
    }

    private static bool IsRuntimes(string name, string path) =>
        path.Length == 0 || path.Contains("/shared/Microsoft.", StringComparison.Ordinal)
        || name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal);
}
