using Mainstay.Contracts.Control;
using Mainstay.Prove.Experiments.Observing;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Tests.Experiments.Observing;

public sealed class ReplicaWatchTests
{
    private readonly ReplicaWatch _watch = new(Specs.Read("services: { web: { command: node server.js, replicas: 2 } }"));

    [Theory]
    [InlineData("not alive: GET /healthz failed, 3 times in a row")]
    [InlineData("over its memory: 512 MiB of 256 MiB")]
    public void One_that_Mainstay_gave_up_has_not_died_by_itself(string reason)
    {
        Seen(One(), Two());
        Assert.Equal([Kinds.ReplicaGivenUp, Kinds.ReasonShown], Seen(One(state: "crashed", pid: null, reason: reason), Two()));
    }

    [Fact]
    public void What_was_there_from_the_beginning_has_not_happened() => Assert.Empty(Seen(One(), Two()));

    [Fact]
    public void A_death_is_told_once_and_so_is_the_way_back()
    {
        Seen(One(), Two());
        Assert.Equal([Kinds.ReplicaDied, Kinds.ReasonShown], Seen(One(state: "crashed", pid: null, reason: "was killed by SIGKILL"), Two()));
        Assert.Equal([Kinds.Restarted], Seen(One(state: "starting", pid: 12, restarts: 1), Two()));
        Assert.Equal([Kinds.ReplicaReady, Kinds.FullStrength], Seen(One(pid: 12, restarts: 1), Two()));
    }

    [Fact]
    public void A_death_between_two_looks_is_noticed_by_the_count_of_restarts()
    {
        Seen(One(), Two());
        Assert.Equal([Kinds.ReplicaDied, Kinds.Restarted, Kinds.ReplicaReady, Kinds.FullStrength], Seen(One(pid: 12, restarts: 1), Two()));
    }

    [Fact]
    public void A_replica_that_goes_as_asked_has_not_died()
    {
        Seen(One(), Two());
        Assert.Equal([Kinds.ReplicaReady], Seen(One(), Two(), Replica("web-3", 13, "ready", 0, null)));
        Assert.Equal([Kinds.ReplicaStopped, Kinds.FullStrength], Seen(Two(), Replica("web-3", 13, "ready", 0, null)));
    }

    [Fact]
    public void Ejection_admission_and_the_last_one_are_told()
    {
        Seen(One(), Two());
        Assert.Equal([Kinds.ReplicaEjected, Kinds.ReasonShown], Seen(One(state: "ejected", reason: "silent for 1 s"), Two()));
        Assert.Contains(Kinds.LastReplicaEjected, Seen(One(state: "ejected", reason: "silent for 1 s"), Replica("web-2", 2, "ejected", 0, "not ready")));
        Assert.Contains(Kinds.ReplicaAdmitted, Seen(One(), Two()));
    }

    private static ReplicaStatus One(string state = "ready", int? pid = 1, int restarts = 0, string? reason = null) => Replica("web-1", pid, state, restarts, reason);

    private static ReplicaStatus Two() => Replica("web-2", 2, "ready", 0, null);

    private static ReplicaStatus Replica(string name, int? pid, string state, int restarts, string? reason) =>
        new(name, pid, "127.0.0.1:1", state, 1, default, restarts, reason, 0, null);

    private List<string> Seen(params ReplicaStatus[] replicas) =>
        [.. _watch.Next(0, new("app", new([], true, 0, 0, 0, 0), [new("web", 1, replicas)])).Select(happening => happening.Kind)];
}
