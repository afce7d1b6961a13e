using System.Collections.Immutable;
using Mainstay.Prove.Load;
using Mainstay.Prove.Load.Scheduling;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Tests.Load;

/// <summary>Loads that tests run.</summary>
internal static class Loads
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static LoadPlan Plan(int port, double perSecond, double seconds, params StreamSpec[] streams) =>
        new(LoadTarget.Port(port), streams.Length == 0 ? [new("GET", "/")] : [.. streams], Pace.Constant(perSecond))
        {
            Duration = TimeSpan.FromSeconds(seconds),
        };

    /// <summary>Requests one after the other at 100 a second, on one connection unless told otherwise.</summary>
    public static Task<ImmutableArray<Sample>> FewAsync(int port, int count, StreamSpec? stream = null, int connections = 1) =>
        RunAsync(Plan(port, 100, count / 100d, stream ?? new("GET", "/") { Patience = TimeSpan.FromSeconds(5) }) with { Connections = connections });

    public static async Task<ImmutableArray<Sample>> RunAsync(LoadPlan plan)
    {
        var log = new SampleLog();
        await using var run = await LoadRun.StartAsync(plan, new RecordingClock(TimeProvider.System), log);
        await run.Completion.WaitAsync(Limit);
        return log.Samples();
    }
}
