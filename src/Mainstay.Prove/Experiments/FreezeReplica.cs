using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Faults.Processes;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments;

/// <summary>SIGSTOP to one of several replicas: it is there, its port accepts, and nothing comes back.</summary>
internal sealed class FreezeReplica : IExperiment
{
    private static readonly TimeSpan Frozen = TimeSpan.FromSeconds(10);

    /// <summary>By then the others have taken over.</summary>
    private const double NoticedAfter = 3;

    /// <summary>Seconds that a request may wait, unless its objective is longer.</summary>
    private const double Usual = 1;

    private const double BackWithin = 20;

    public string Name => "freeze-replica";

    public string Pillar => Pillars.Resilience;

    public string Does(string subject) => $"stops one replica of {subject} with SIGSTOP for {Frozen.TotalSeconds:0} s";

    public string AppliesTo => "exercised services with two replicas or more";

    public IEnumerable<Subject> Subjects(Scope scope) => scope.Loaded.Where(service => service.Replicas > 1).Select(service => new Subject(service.Name));

    public TimeSpan Length(Scope scope) => TimeSpan.FromSeconds(24);

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        course.Recorder.Expect(AnsweredInTime(course.Scope, course.Subject));
        course.Recorder.Expect(
            NeverHappens.Expect("never is every replica ejected", Origin.Default, Kinds.LastReplicaEjected),
            HappensWithin.Expect($"the service is at full strength within {BackWithin:0} s of its going on", Origin.Default, Kinds.Thawed, Kinds.Undone, BackWithin),
            Happens.Expect("a replica was seen to stand still", Origin.Default, Kinds.Bit, evidence: true));
        await course.BeginAsync(cancel);
        if (course.Ready(course.Subject) is not [var replica, ..] || ProcessId.Find(replica.Pid!.Value) is not { } process)
        {
            course.Trouble($"no replica of {course.Subject} was ready to be frozen");
            return;
        }
        await course.PhaseAsync(Phase.Names.Fault, async () =>
        {
            course.Recorder.Happened(Kinds.Frozen, replica.Name, $"SIGSTOP to {replica.Name}, pid {process.Pid}", ("pid", process.Pid));
            var evidence = await Freeze.RunAsync(new(process, WholeTree: true), Frozen, course.Bench.Guard, course.Time, cancel);
            course.Recorder.Happened(Kinds.Thawed, replica.Name, $"{evidence.What} ({replica.Name})", ("frozen_ms", evidence.Frozen.TotalMilliseconds));
            if (evidence.Bit)
                course.Recorder.Happened(Kinds.Bit, replica.Name, $"{replica.Name} stood still until it went on or was ended");
        });
        await course.PhaseAsync(Phase.Names.Recovery, async () =>
        {
            if (await course.FullAsync(TimeSpan.FromSeconds(BackWithin), cancel, course.Subject))
                course.Recorder.Happened(Kinds.Undone, course.Subject, $"all {course.Service.Replicas} of {course.Subject} are ready");
        });
    }

    /// <summary>While one is frozen: by the objectives where they are longer than what is usual.</summary>
    internal static IEnumerable<Expectation> AnsweredInTime(Scope scope, string service) =>
        from those in StreamGroup<Bound>.Of(
            scope, $"load idempotent service:{service}", stream => new(Math.Max(Usual, stream.LatencyP99Seconds), stream.LatencyP99Seconds > Usual))
        select EachWithin.Expect(
            $"from {NoticedAfter:0} s on no new request{those.OfThem} waits longer than {those.Key.Seconds:0.###} s",
            those.Key.From(scope.Manifest, those.Route, Origin.Default), those.Streams, Phase.Names.Fault, those.Key.Seconds, EachWithin.Head,
            Kinds.Frozen, NoticedAfter, Kinds.Thawed, (int)Math.Ceiling(NoFailures.Enough * those.Share));
}
