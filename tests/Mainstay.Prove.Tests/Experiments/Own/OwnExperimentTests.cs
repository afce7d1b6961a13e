using Mainstay.Prove.Experiments;
using Mainstay.Prove.Experiments.Planning;

namespace Mainstay.Prove.Tests.Experiments.Own;

public sealed class OwnExperimentTests
{
    private static readonly Scope Shop = Specs.Scope(OwnFiles.Shop);

    [Fact]
    public void It_stands_in_the_plan_like_the_others_right_after_the_baseline()
    {
        var mine = OwnFiles.One("fault: { kind: kill, service: web }\ninvariants: [no_failures]");
        var plan = ProvePlan.Of(Shop, Catalogue.With([mine]), [], TimeSpan.FromMinutes(20));
        Assert.Equal(["baseline", "mine"], plan.Runs.Take(2).Select(run => run.Title));
        Assert.Equal("mine", Assert.Single(ProvePlan.Of(Shop, Catalogue.With([mine]), ["mine"], TimeSpan.FromMinutes(2)).Runs).Title);
        Assert.Equal("mine", Assert.Single(ProvePlan.Of(Shop, Catalogue.With([mine]), ["mine"], TimeSpan.FromSeconds(25)).Left).Title);
    }

    [Fact]
    public void It_sends_what_it_says()
    {
        Assert.Equal(["GET /"], Sent("load: { routes: / }"));
        Assert.Equal(["PUT /orders/1", "GET /orders/1"], Sent("load: { routes: [/orders/**] }"));
        Assert.Equal(["POST /orders/7"], Sent("load: { requests: POST /orders/7 -> 201 }"));
        Assert.Equal(3, Sent("load: { rate: 10/s }").Count());

        static IEnumerable<string> Sent(string load) =>
            OwnFiles.One($"{load}\ninvariants: [no_failures]").Narrow(Shop).Sent.Select(exercised => exercised.Stream.Name);
    }

    [Theory]
    [InlineData("fault: { kind: refuse, dependency: far }\ninvariants: [no_failures]", "--allow far")]
    [InlineData("invariants: [writes_kept, no_failures]\nfault: { kind: kill, service: web }\nload: { routes: / }", "writes_kept needs an `exercise`")]
    [InlineData("fault: { kind: disk_full, service: web, folder: no-such }\ninvariants: [no_failures]", "/no-such; make it, or name another one")]
    [InlineData("fault: { kind: disk_full, service: web, folder: . }\ninvariants: [no_failures]", "holds what web is run from")]
    [InlineData("fault: { kind: disk_full, service: web, folder: / }\ninvariants: [no_failures]", "/ holds what web is run from")]
    public void What_is_out_of_reach_is_not_run_and_says_why(string text, string why)
    {
        var plan = ProvePlan.Of(Shop, [OwnFiles.One(text)], [], TimeSpan.FromMinutes(10));
        Assert.Empty(plan.Runs);
        Assert.Contains(why, Assert.Single(plan.Refused).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recovery_is_watched_for_as_long_as_it_may_take()
    {
        var (brief, lengthy) = (Length("recovered_within: 1s"), Length("recovered_within: 30s"));
        Assert.Equal(TimeSpan.FromSeconds(29), lengthy - brief);

        static TimeSpan Length(string invariant) => OwnFiles.One($"fault: {{ kind: malformed }}\ninvariants: {{ {invariant} }}").Length(Shop);
    }

    [Fact]
    public void A_small_disk_takes_a_start_of_its_own()
    {
        Assert.Equal(TimeSpan.FromSeconds(5), Length("disk_full, service: web") - Length("descriptors, service: web"));

        static TimeSpan Length(string fault) => OwnFiles.One($"fault: {{ kind: {fault} }}\ninvariants: [no_failures]").Length(Shop);
    }

    [Fact]
    public void It_says_what_it_does() =>
        Assert.Equal("kills one replica of web with SIGKILL, 3 times; payments: latency of 1 s", OwnFiles.One(
            "fault: [{ kind: kill, service: web, times: 3 }, { kind: latency, dependency: payments, delay: 1s }]\ninvariants: [no_failures]").Does(""));

    [Theory]
    [InlineData("disk_full, service: web", "lets the temporary folder (TMPDIR) of one replica of web become full")]
    [InlineData("disk_full, service: web, replicas: all, folder: uploads", "lets uploads of all replicas of web become full")]
    [InlineData("descriptors, service: web", "leaves one replica of web no free descriptor")]
    [InlineData("descriptors, service: web, replicas: all, spare: 3", "leaves each replica of web 3 free descriptors")]
    [InlineData("slow_close, dependency: payments, delay: 2s", "payments: close delayed by 2 s")]
    public void Each_fault_is_said_in_words(string fault, string said) =>
        Assert.Equal(said, OwnFiles.One($"fault: {{ kind: {fault} }}\ninvariants: [no_failures]").Does(""));

    [Fact]
    public void What_must_hold_names_its_file_and_line()
    {
        var spec = OwnFiles.One("fault: { kind: kill, service: web }\ninvariants:\n  p99: 200ms\n  no_failures: idempotent").Spec;
        var expected = spec.Invariants.Select(invariant => invariant.Expect(spec, "load", "")).ToList();
        Assert.Equal(["no-failures", "latency"], expected.Select(expectation => expectation.Claim));
        Assert.EndsWith("mine.yaml:4", expected[0].From, StringComparison.Ordinal);
        Assert.Equal(("frozen", "load idempotent"), (expected[0].Words["start"], expected[0].Words["streams"]));
    }
}
