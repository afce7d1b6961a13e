using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Faults.Processes;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments;

/// <summary>SIGKILL to one replica, again and again, until enough requests were exposed to it.</summary>
internal sealed class KillReplica : IExperiment
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// What waits at a replica that is killed is sent again, and that is about what comes in the time that an answer takes. So many times as much comes
    /// before the next one is killed: otherwise, where answers take long, kills alone would use up the budget for retries (20 % of what comes), which
    /// shows how quickly we kill, and nothing else.
    /// </summary>
    private const int FreshPerRetry = 5;

    /// <summary>Between two kills, in seconds.</summary>
    private const double LongestPause = 10;

    public string Name => "kill-replica";

    public string Pillar => Pillars.Resilience;

    public string Does(string subject) => $"kills one replica of {subject} with SIGKILL, again and again";

    public string AppliesTo => "services of our own that are exercised";

    public IEnumerable<Subject> Subjects(Scope scope) => scope.Loaded.Select(service => new Subject(service.Name));

    public TimeSpan Length(Scope scope) => TimeSpan.FromSeconds(40);

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        var counts = $"load idempotent service:{course.Subject}";
        course.Recorder.Expect(
            NoFailures.Expect("no idempotent request fails while replicas are killed", Origin.Default, counts, Phase.Names.Fault, Kinds.Frozen, Kinds.FullStrength),
            HappensWithin.Expect("all replicas are back within 10 s", Origin.Default, Kinds.Killed, Kinds.FullStrength, 10),
            Happens.Expect("replicas were killed", Origin.Default, Kinds.Killed, evidence: true));
        var replays = new ReplayWatch(course, "no POST or PATCH reaches a dependency twice", _ => true);
        await course.BeginAsync(cancel);
        replays.Begin();
        await course.PhaseAsync(Phase.Names.Fault, async () =>
        {
            var start = course.Time.GetTimestamp();
            for (var exposed = 0; exposed < NoFailures.Enough * 1.1 && course.Time.GetElapsedTime(start) < Longest;)
            {
                if (await KillOneAsync(course, cancel) is not { } killed)
                    break;
                var pause = TimeSpan.FromMilliseconds(course.Chance.Next(200, 400));
                var busy = TimeSpan.FromSeconds(Math.Min(LongestPause, FreshPerRetry * course.Recorder.MeanSeconds(Counts)));
                await course.RestAsync(pause > busy ? pause : busy, cancel);
                exposed += course.Recorder.Exposed(killed.From, killed.To, Counts);
            }
            // What was under way at the end is answered, too.
            await course.RestAsync(TimeSpan.FromSeconds(1), cancel);
        });
        replays.Tell();

        bool Counts(LoadStream stream) => stream.Idempotent && stream.Service == course.Subject && stream.Role == LoadStream.Roles.Load;
    }

    /// <summary>From the fault to full strength; null: it did not come back, or there was nobody to kill.</summary>
    private static async Task<(long From, long To)?> KillOneAsync(Course course, CancellationToken cancel)
    {
        var replicas = course.Ready(course.Subject);
        if (replicas.Count == 0 || ProcessId.Find(replicas[course.Chance.Next(replicas.Count)].Pid!.Value) is not { } victim)
        {
            // Once it has been at full strength again, it is the service's own doing that none is there.
            if (!course.Recorder.Has(Kinds.Killed, 0))
                course.Trouble($"no replica of {course.Subject} was ready to be killed");
            return null;
        }
        var name = replicas.First(replica => replica.Pid == victim.Pid).Name;
        var from = course.Now;
        var stood = TimeSpan.FromMilliseconds(course.Chance.Next(50, 100));
        course.Recorder.Happened(Kinds.Frozen, name, $"SIGSTOP to {name}, pid {victim.Pid}, so that requests pile up on it", ("pid", victim.Pid));
        var evidence = await FreezeThenKill.RunAsync(new(victim, WholeTree: true), stood, course.Bench.Guard, course.Time, cancel);
        if (!evidence.Bit)
        {
            course.Trouble($"{evidence.What}: it was not seen to end");
            return null;
        }
        course.Recorder.Happened(Kinds.Killed, name, $"{evidence.What} ({name})", ("pid", victim.Pid), ("frozen_ms", evidence.Frozen.TotalMilliseconds));
        return await course.SeenAsync(Kinds.FullStrength, from, Patience, cancel, course.Subject) ? (from, course.Now) : null;
    }
}
