using Mainstay.Prove.Faults.Processes;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments.Own.Deeds;

/// <summary>SIGKILL to Mainstay's core, so many times.</summary>
internal sealed record KillCore(int Times, TimeSpan Every) : OwnFault
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public override string Does => $"kills Mainstay's own core with SIGKILL{(Times > 1 ? $", {Times} times" : "")}";

    public override TimeSpan Least => Every * (Times - 1);

    public override async Task<string?> RunAsync(OwnRun run, TimeSpan length, CancellationToken cancel)
    {
        var course = run.Course;
        for (var i = 0; i < Times; i++)
        {
            if (i > 0)
                await course.RestAsync(Every, cancel);
            if (course.Application.CorePid is not { } core || ProcessId.Find(core) is not { } victim)
            {
                course.Trouble("no core of Mainstay was found");
                return null;
            }
            var from = course.Now;
            course.Recorder.Happened(Kinds.Killed, "mainstay", $"SIGKILL to Mainstay's core, pid {core}", ("pid", core));
            var evidence = await Kill.RunAsync(new(victim, WholeTree: false), course.Time);
            run.Off("mainstay", "another core takes over");
            if (!evidence.Bit || !await course.SeenAsync(Kinds.CoreStarted, from, Patience, cancel))
                return null;
        }
        return "another core has taken over";
    }
}
