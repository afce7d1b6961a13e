using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Faults.Proxy;
using Mainstay.Prove.Tests.Faults.Proxy;
using Mainstay.Prove.Tests.Verdicts;
using Mainstay.Prove.Verdicts;
using Client = Mainstay.Prove.Tests.Faults.Proxy.Client;

namespace Mainstay.Prove.Tests.Experiments.Running;

public sealed class ReplayWatchTests
{
    private const string Shop = """
        services:
          web: { command: node server.js, needs: { store: required } }
        dependencies:
          store: { url: "http://127.0.0.1:9000", variable: STORE_URL }
        routes:
          - { path: /orders, service: web, methods: [POST], exercise: POST /orders }
        """;

    [Theory]
    [InlineData("one", "two", "three", Verdict.Holds)]
    [InlineData("one", "two", "two", Verdict.Violated)]
    [InlineData("one", "one", "two", Verdict.Violated)]
    [InlineData("", "", "", Verdict.Inconclusive)]
    public async Task What_reaches_a_dependency_again_is_told_if_it_can_be_told(string before, string during, string later, object verdict)
    {
        await using var upstream = Upstream.Http();
        await using var proxy = FaultProxy.Start(FaultProxySpec.To(upstream.Endpoint, 7), TimeProvider.System);
        await using var course = Courses.Of(Shop, ("store", proxy));
        using var client = await Client.ConnectAsync(proxy.Endpoint);
        var replays = new ReplayWatch(course, "nothing is sent again", _ => true);
        await client.AskAsync(Post(before));
        replays.Begin();
        await client.AskAsync(Post(during));
        replays.Tell();
        replays.Begin();
        await client.AskAsync(Post(later));
        replays.Tell();
        var history = course.Close();
        history.Check(Assert.Single(history.Expectations)).Is((Verdict)verdict);

        static string Post(string id) => $"POST /count HTTP/1.1\r\nHost: a\r\n{(id.Length == 0 ? "" : $"X-Request-Id: {id}\r\n")}\r\n";
    }

    [Fact]
    public async Task Nothing_is_promised_of_what_speaks_no_HTTP_and_it_is_said()
    {
        await using var upstream = Upstream.Echo();
        await using var proxy = FaultProxy.Start(FaultProxySpec.To(upstream.Endpoint, 7), TimeProvider.System);
        await using var course = Courses.Of(Shop, ("store", proxy));
        using var client = await Client.ConnectAsync(proxy.Endpoint);
        var replays = new ReplayWatch(course, "nothing is sent again", _ => true);
        await client.SayAsync("\u0016\u0003\u0001");
        await client.HearAsync(3);
        replays.Begin();
        replays.Tell();
        var history = course.Close();
        Assert.Empty(history.Expectations);
        Assert.Equal("no HTTP/1 has reached store: what is sent to it again cannot be noticed", Assert.Single(history.Happenings).Text);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(7, 0)]
    [InlineData(7, 5)]
    public void Replays_are_those_since_it_was_told_last(int replays, int told) =>
        Assert.Equal(replays - told, ReplayWatch.Reading("db", new(500, 500, 400, replays, 0), told).Replays);

    [Fact]
    public void Without_ids_there_is_no_number_and_it_is_said_what_to_do()
    {
        var (replays, text) = ReplayWatch.Reading("db", new(500, 0, 0, 0, 0), 0);
        Assert.True(double.IsNaN(replays));
        Assert.StartsWith("none of 500 requests to db", text, StringComparison.Ordinal);
        Assert.Contains("X-Request-Id or traceparent", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_that_matters_was_asked_nothing_was_replayed() => Assert.Equal(0, ReplayWatch.Reading("db", new(0, 0, 0, 0, 0), 0).Replays);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(15, double.NaN)]
    [InlineData(16, 16)]
    public void Replays_as_rare_as_before_the_fault_say_nothing(int replays, double told) =>
        Assert.Equal(told, ReplayWatch.Reading("db", new(1400, 1400, 400, replays, 0.01), 0).Replays);
}
