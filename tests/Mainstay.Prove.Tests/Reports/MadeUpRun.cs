using Mainstay.Prove.Recording;
using Mainstay.Prove.Reports;
using Mainstay.Prove.Tests.Verdicts;
using Mainstay.Prove.Verdicts;
using Mainstay.Prove.Verdicts.Claims;

namespace Mainstay.Prove.Tests.Reports;

/// <summary>A run as it could have been: some hold, one is violated, one is inconclusive.</summary>
internal static class MadeUpRun
{
    private static readonly DateTimeOffset Start = new(2026, 11, 28, 9, 30, 0, TimeSpan.Zero);

    public static IReadOnlyList<History> Histories { get; } = [Baseline(), Kill("web", 8), Kill("worker", 2), Slow(), Overload(), Restart()];

    public static ProveReport Report { get; } = Of(Histories);

    public static ProveReport Of(IReadOnlyList<History> histories) => new(
        "shop", Start, 431, 20261128, 600, "2 × x86-64, 8 GB, Linux 6.1", "0.1.0",
        [.. Judge.All(histories).Select(one => ExperimentReport.Of(one.History, one.Judgement))],
        [new("POST /orders", "has no exercise: only GET and HEAD are sent without one")]);

    private static History Baseline() => Make("baseline", "", "observability", 0, [(Phase.Names.WarmUp, 6), (Phase.Names.Baseline, 30)], Quiet(0, 36, 110))
        .With(
            FailureRate.Expect("99.9 % of the requests succeed", "routes[0].objectives.availability", "load", Phase.Names.Baseline, 0.001),
            LatencyQuantile.Expect("99 % within 250 ms", "routes[0].objectives.latency", "load", Phase.Names.Baseline, 0.99, 0.25));

    private static History Kill(string service, int kills)
    {
        var happenings = new List<Happening>();
        for (var kill = 0; kill < kills; kill++)
        {
            happenings.Add(Runs.At(12 + (kill * 4.1), "frozen", service));
            happenings.Add(Happening.Of(
                (long)((12.1 + (kill * 4.1)) * Runs.Second), "killed", $"{service}-1", $"SIGKILL to {service}-1, pid {4711 + kill}", ("pid", 4711 + kill)));
            happenings.Add(Runs.At(13.4 + (kill * 4.1), "full-strength", service));
        }

        return Make("kill-replica", service, "resilience", 10 - kills, [(Phase.Names.Baseline, 10), (Phase.Names.Fault, 36), (Phase.Names.Recovery, 14)],
            Quiet(0, 60, 60, at => happenings.Exists(happening => happening.Kind == "killed" && at > happening.At && at < happening.At + 1_300_000) ? 9 : 1))
            .Seeing([.. happenings]).With(
                NoFailures.Expect("no idempotent request fails", "default", "idempotent", Phase.Names.Fault, "killed", "full-strength"),
                HappensWithin.Expect("back at full strength within 10 s", "default", "killed", "full-strength", 10),
                Happens.Expect("replicas were killed", "default", "killed", 1, evidence: true));
    }

    private static History Slow() => Make("dependency-slow", "database", "resilience", 9,
        [(Phase.Names.Baseline, 15), (Phase.Names.Fault, 25), (Phase.Names.Recovery, 20)],
        Quiet(0, 60, 120, at => at is > 15_000_000 and < 40_000_000 ? 180 : 1).Select(sample =>
            sample.ScheduledAt is > 15_000_000 and < 40_000_000 && sample.ScheduledAt % 11 == 0 ? sample with { Status = 504 } : sample))
        .Seeing(
            Runs.At(15, "fault-on", "database"), Runs.At(16, "bit", "database", ("bytes", 81200), ("connections", 9)), Runs.At(40, "fault-off", "database"))
        .With(
            EachWithin.Expect("every request is answered within its timeout", "routes[2].timeout", "uses:database", Phase.Names.Fault, 2),
            NoFailures.Expect("no optional dependency makes a request fail", "dependencies.database.needs", "not-requires:database", Phase.Names.Fault),
            RecoveredWithin.Expect("recovered within 10 s", "default", "load", "fault-off", 10),
            Happens.Expect("the database's answers were delayed", "default", "bit", 1, "bytes", 1000, evidence: true));

    private static History Overload() => Make("overload", "web", "resilience", 10, [(Phase.Names.Baseline, 10), (Phase.Names.Fault, 30), (Phase.Names.Recovery, 20)],
        Quiet(0, 10, 90).Concat(Quiet(40, 60, 90)).Concat(Quiet(10, 40, 86, _ => 14))
            .Concat(Runs.Spread(10, 40, 21_000, at => Runs.Shed(at, 0.002 + (at % 977 / 40_000.0)))))
        .Seeing(Runs.At(9, "capacity", "web", ("per_second", 95)), Runs.At(10, "fault-on", "web"), Runs.At(40, "fault-off", "web"))
        .With(
            Goodput.Expect("goodput stays at 80 % of the capacity", "default", "all", Phase.Names.Fault),
            Refusals.Expect("refusals come within 100 ms, with Retry-After", "default", "all", Phase.Names.Fault));

    private static History Restart() => Make("rolling-restart", "web", "lifecycle", 11, [(Phase.Names.Baseline, 8), (Phase.Names.Fault, 22)], Quiet(0, 30, 80))
        .Seeing(
            Runs.At(8, "asked", "web"), Runs.At(12.2, "replica-stopped", "web-1", ("seconds", 0.4)), Runs.At(16.9, "replica-stopped", "web-2", ("seconds", 0.5)),
            Runs.At(17.4, "operation-done", "web"))
        .With(
            NoFailures.Expect("no request of any method fails", "default", "load", Phase.Names.Fault),
            NeverHappens.Expect("no replica is killed at its grace", "default", Happening.Kinds.StopFailed),
            Happens.Expect("the restart went through", "default", Happening.Kinds.OperationDone, evidence: true));

    private static History Make(string name, string subject, string pillar, int minute, (string Name, int Seconds)[] phases, IEnumerable<Sample> samples)
    {
        long at = 0;
        return Runs.Of(samples) with
        {
            Experiment = name,
            Subject = subject,
            Pillar = pillar,
            StartedAt = Start.AddMinutes(minute),
            Streams = [Recording.Histories.Get with { LatencyP99Seconds = 0.25 }],
            Phases = [.. phases.Select(phase => new Phase(phase.Name, at, at += phase.Seconds * Runs.Second))],
        };
    }

    /// <summary>Open-loop load with the latencies of a healthy application, times a factor.</summary>
    private static IEnumerable<Sample> Quiet(int from, int to, int perSecond, Func<long, double>? factor = null)
    {
        var random = new Random(from + to + perSecond);
        return Runs.Spread(from, to, (to - from) * perSecond, at =>
            Recording.Histories.Good(at, (long)(3500 * Math.Exp(random.NextDouble() * random.NextDouble() * 2.4) * (factor?.Invoke(at) ?? 1))));
    }
}
