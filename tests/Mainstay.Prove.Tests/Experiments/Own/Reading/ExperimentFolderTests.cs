using Mainstay.Prove.Experiments.Own.Deeds;
using Mainstay.Prove.Experiments.Own.Reading;
using Mainstay.Prove.Faults.Kinds;

namespace Mainstay.Prove.Tests.Experiments.Own.Reading;

public sealed class ExperimentFolderTests
{
    private const string Holds = "\ninvariants: { no_failures: true }";

    [Fact]
    public void All_of_it_is_read()
    {
        var spec = OwnFiles.One("""
            title: orders go on while payments are slow
            pillar: lifecycle
            load: { rate: "${RATE}", duration: 30s, routes: [/orders/**] }
            fault:
              - { kind: latency, dependency: payments, delay: 2s, jitter: 100ms, after: 1s, for: 10s }
              - { kind: kill, service: web, replicas: all, times: 2, every: 5s }
            invariants:
              - { failure_rate: 0.1%, p99: 200ms }
              - { recovered_within: 5s, routes: /orders/** }
            """).Spec;
        Assert.Equal(("mine", "lifecycle", 20.0), (spec.Name, spec.Pillar, spec.Load.Rate));
        var slow = Assert.IsType<BreakDependency>(spec.Faults[0]);
        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10)), (slow.After, slow.For));
        Assert.Equal(TimeSpan.FromSeconds(2), Assert.IsType<Latency>(slow.Fault).Delay);
        Assert.Equal(new KillReplicas("web", true, 2, TimeSpan.FromSeconds(5)), spec.Faults[1]);
        Assert.Equal(["failure_rate", "p99", "recovered_within"], spec.Invariants.Select(invariant => invariant.Key));
    }

    [Fact]
    public void The_least_is_what_must_hold_in_one_word()
    {
        var spec = OwnFiles.One("invariants: [no_failures]").Spec;
        Assert.Empty(spec.Faults);
        Assert.Equal("no_failures", Assert.Single(spec.Invariants).Key);
    }

    [Theory]
    [InlineData("kill, service: web")]
    [InlineData("freeze, service: web, replicas: all, for: 5s")]
    [InlineData("kill_mainstay, times: 3")]
    [InlineData("memory, service: web, size: 64MiB")]
    [InlineData("descriptors, service: web, spare: 3")]
    [InlineData("disk_full, service: web, replicas: all, folder: uploads, for: 2s")]
    [InlineData("latency, dependency: payments, delay: 1s, direction: both, connections: 50%")]
    [InlineData("bandwidth, dependency: payments, per_second: 1KiB")]
    [InlineData("blackhole, dependency: payments")]
    [InlineData("refuse, dependency: payments")]
    [InlineData("reset, dependency: payments, after_bytes: 10B")]
    [InlineData("limit, dependency: payments, bytes: 100B")]
    [InlineData("slow_close, dependency: payments, delay: 2s, direction: both")]
    [InlineData("slice, dependency: payments, size: 10B, variation: 5B, gap: 1ms")]
    [InlineData("stall, dependency: payments, close_after: 1s")]
    [InlineData("fail_first, dependency: payments, count: 10")]
    [InlineData("flaky, dependency: payments, ratio: 20%")]
    [InlineData("http_status, dependency: payments, status: 503, path: /v1, method: POST, ratio: 10%")]
    [InlineData("http_delay, dependency: payments, delay: 100ms")]
    [InlineData("http_reset, dependency: payments, after_bytes: 1B")]
    [InlineData("slow_clients, clients: 10, slow_at: body")]
    [InlineData("slow_clients, clients: 10, slow_at: upload")]
    [InlineData("malformed")]
    [InlineData("noisy_client, rate: 100/s, path: /orders/1")]
    public void Every_kind_of_fault_can_be_written(string fault) => Assert.Single(OwnFiles.One($"fault: {{ kind: {fault} }}{Holds}").Spec.Faults);

    [Theory]
    [InlineData("fault: { kind: kil, service: web }" + Holds, "mine.yaml:1:16: fault.kind: `kil` is not known; did you mean `kill`?")]
    [InlineData("fault: { kind: kill, service: wbe }" + Holds, "mine.yaml:1:31: fault.service: `wbe` is no service of the manifest; did you mean `web`?")]
    [InlineData("fault: { kind: kill, servce: web }" + Holds, "unknown key; did you mean `service`?")]
    [InlineData("fault: { kind: kill }" + Holds, "has no service, which a fault of kind kill needs")]
    [InlineData("fault: { kind: refuse, dependency: database }" + Holds, "`database` is no dependency of the manifest; there are payments, far")]
    [InlineData("fault: { kind: latency, dependency: payments, delay: 2 }" + Holds, "`2` has no unit; write 2s or 2ms")]
    [InlineData("fault: { kind: slow_close, dependency: payments }" + Holds, "has no delay, which a fault of kind slow_close needs")]
    [InlineData("fault: { kind: disk_full }" + Holds, "has no service, which a fault of kind disk_full needs")]
    [InlineData("fault: { service: web }" + Holds, "has no kind; write one of kill,")]
    [InlineData("load: { routes: [/order/**] }" + Holds, "did you mean `/orders/**`?")]
    [InlineData("load: { requests: GET /nowhere }" + Holds, "GET /nowhere is taken by no route")]
    [InlineData("load: { rate: 50 }" + Holds, "has no unit; write 50/s or 50/m")]
    [InlineData("invariants: { p98: 1s }", "unknown key; did you mean `p90`?")]
    [InlineData("invariants: { failure_rate: 60% }", "at most 50% may fail")]
    [InlineData("invariants: { no_restarts: no }", "write true, or remove the key")]
    [InlineData("invariants: { routes: / }", "says nothing that must hold")]
    [InlineData("invariants: { recovered_within: 5s }", "there is no fault")]
    [InlineData("fault: { kind: malformed }\ninvariants: { full_strength_within: 5s }", "write a fault of kind kill")]
    [InlineData("fault: { kind: kill, service: web }\ninvariants: { malformed_refused: true }", "write a fault of kind malformed")]
    [InlineData("fault: { kind: malformed }\ninvariants: { slow_clients_closed_within: 20s }", "write a fault of kind slow_clients")]
    [InlineData("fault: { kind: slow_clients }\ninvariants: { slow_clients_closed_within: 20s }", "leave by themselves after 15 s; give their fault a longer `for`")]
    [InlineData("fault: { kind: slow_clients, after: 1s }\nload: { duration: 21s }\ninvariants: { slow_clients_closed_within: 20s }", "after 20 s")]
    [InlineData("fault: [{ kind: slow_clients }, { kind: slow_clients, for: 3s }]\ninvariants: { slow_clients_closed_within: 5s }", "after 3 s")]
    [InlineData("invariants: [unharmed]", "there is no fault")]
    [InlineData("fault: { kind: malformed, after: 20s }" + Holds, "begins after 20 s, when the load's 15 s are over")]
    [InlineData("fault: { kind: malformed }", "has no invariants; write what must hold")]
    [InlineData("", "is empty; an experiment needs at least `invariants: { no_failures: true }`")]
    [InlineData("- a", "an experiment is a mapping such as")]
    [InlineData("load: { rate: \"${NONE}\" }" + Holds, "the variable NONE is not set")]
    [InlineData("fault: { kind: kill, service: web", "is not closed")]
    public void What_is_wrong_is_said_once_with_its_place_and_the_remedy(string text, string said)
    {
        var refused = OwnFiles.Refused(text);
        Assert.Contains("mine.yaml", refused, StringComparison.Ordinal);
        Assert.Contains(said, refused, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fault: { kind: slow_clients, for: 21s }\ninvariants: { slow_clients_closed_within: 20s }")]
    [InlineData("fault: { kind: slow_clients }\nload: { duration: 25s }\ninvariants: { slow_clients_closed_within: 20s }")]
    [InlineData("fault: [{ kind: slow_clients }, { kind: freeze, service: web, for: 25s }]\ninvariants: { slow_clients_closed_within: 20s }")]
    [InlineData("fault: { kind: malformed }\ninvariants: [malformed_refused]")]
    public void What_a_fault_puts_to_the_test_may_be_asked_for(string text) => Assert.Single(OwnFiles.One(text).Spec.Invariants);

    [Theory]
    [InlineData("mine.yml", "rename it to mine.yaml")]
    [InlineData("My Test.yaml", "rename it to my-test.yaml")]
    [InlineData("kill-all.yaml", "there is an experiment kill-all already")]
    public void The_name_of_the_file_is_the_name_of_the_experiment(string name, string said) =>
        Assert.Contains(said, OwnFiles.Refused("invariants: [no_failures]", name), StringComparison.Ordinal);

    [Fact]
    public void Without_a_folder_there_are_none()
    {
        var (experiments, findings) = ExperimentFolder.Read(Specs.Read(OwnFiles.Shop), [], _ => null);
        Assert.Empty(experiments);
        Assert.Empty(findings);
    }
}
