using Mainstay.Prove.Load.Scheduling;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Load.WarmingUp;

/// <summary>
/// Code that runs for the first time is compiled first, and once more when it turns out to be used much: the first requests would be late. So the
/// generator sends to a listener of its own until it keeps its schedule, once per process.
/// </summary>
internal static class OwnWarmUp
{
    private const double GoodLag = 0.0003;
    private const int LeastRounds = 3;
    private const int MostRounds = 8;

    private static readonly Lazy<Task> Once = new(RunAsync);

    public static Task DoneAsync() => Once.Value;

    private static async Task RunAsync()
    {
        await using var listener = new BriefListener();
        var plan = new LoadPlan(LoadTarget.Port(listener.Port), [new("GET", "/"), new("GET", "/")], Pace.Constant(6000))
        {
            Duration = TimeSpan.FromSeconds(0.25),
            Drain = TimeSpan.FromSeconds(1),
            Connections = 8,
        };
        for (var round = 1; round <= MostRounds; round++)
        {
            var run = LoadRun.Start(plan, new RecordingClock(TimeProvider.System), new WarmUpSink(plan.Streams));
            await run.Completion;
            if (round >= LeastRounds && run.LagP99 < GoodLag)
                break;
        }
    }
}
