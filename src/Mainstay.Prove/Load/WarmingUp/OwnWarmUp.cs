using Mainstay.Prove.Load.Scheduling;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Load.WarmingUp;

/// <summary>
/// Code that runs for the first time is compiled first, which would make the first requests late. So the generator sends for half a second to
/// a listener of its own, once per process.
/// </summary>
internal static class OwnWarmUp
{
    private static readonly Lazy<Task> Once = new(RunAsync);

    public static Task DoneAsync() => Once.Value;

    private static async Task RunAsync()
    {
        await using var listener = new BriefListener();
        var plan = new LoadPlan(LoadTarget.Port(listener.Port), [new("GET", "/"), new("HEAD", "/")], Pace.Constant(4000))
        {
            Duration = TimeSpan.FromSeconds(0.5),
            Drain = TimeSpan.FromSeconds(1),
            Connections = 8,
        };
        await LoadRun.Start(plan, new RecordingClock(TimeProvider.System), new NoSink()).Completion;
    }
}
