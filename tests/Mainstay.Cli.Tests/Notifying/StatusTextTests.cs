using Mainstay.Cli.Notifying;
using Mainstay.Contracts.Control;

namespace Mainstay.Cli.Tests.Notifying;

public sealed class StatusTextTests
{
    [Theory]
    [InlineData("ready ready starting", 1200, "2 of 3 replicas ready, 120 requests/s")]
    [InlineData("ready", 3, "1 of 1 replica ready, 0.3 requests/s")]
    [InlineData("crashed", 0, "0 of 1 replica ready, 0 requests/s")]
    [InlineData("", 0, "no replicas, 0 requests/s")]
    public void Says_what_serves_and_how_much(string states, long requests, string text)
    {
        var replicas = states.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select((state, place) => new ReplicaStatus($"web-{place}", null, null, state, 1, DateTimeOffset.UnixEpoch, 0, null, 0, null));
        var report = new StatusReport("shop", new([], true, 0, 0, 0, 0), [new("web", 1, [.. replicas])]);
        Assert.Equal(text, StatusText.Of(report, requests, TimeSpan.FromSeconds(10)));
    }
}
