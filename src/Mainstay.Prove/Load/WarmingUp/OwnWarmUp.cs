using System.Runtime;
using Mainstay.Prove.Load.Scheduling;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Load.WarmingUp;

/// <summary>
/// Code that runs for the first time is compiled first, and again in the background once it turns out to be used much: the first requests would be
/// late. So the generator sends to a listener of its own, and rests while the runtime compiles, until there is little left to compile. Once per
/// process; about two seconds.
/// </summary>
internal static class OwnWarmUp
{
    private const int MostRounds = 6;
    private const int FewMethods = 25;

    /// <summary>The runtime starts to compile in the background once nothing new has run for 100 ms.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(150);

    private static readonly Lazy<Task> Once = new(() => RunAsync(TimeProvider.System));

    public static Task DoneAsync() => Once.Value;

    private static async Task RunAsync(TimeProvider time)
    {
        await using var listener = new BriefListener();
        var plan = new LoadPlan(LoadTarget.Port(listener.Port), [new("GET", "/"), new("GET", "/")], Pace.Constant(6000))
        {
            Duration = TimeSpan.FromSeconds(0.2),
            Drain = TimeSpan.FromSeconds(1),
            Connections = 8,
        };
        for (var round = 0; round < MostRounds; round++)
        {
            var before = JitInfo.GetCompiledMethodCount();
            await LoadRun.Start(plan, new RecordingClock(time), new WarmUpSink(plan.Streams)).Completion;
            await RestAsync(time);
            if (JitInfo.GetCompiledMethodCount() - before < FewMethods)
                break;
        }
    }

    /// <summary>Until nothing is compiled any more; others in this process may compile for ever.</summary>
    private static async Task RestAsync(TimeProvider time)
    {
        for (var i = 0; i < 4; i++)
        {
            var before = JitInfo.GetCompiledMethodCount();
            await Task.Delay(Rest, time);
            if (JitInfo.GetCompiledMethodCount() == before)
                return;
        }
    }
}
