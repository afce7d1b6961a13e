using System.Diagnostics;
using System.Net.Sockets;
using Mainstay.Prove.Faults.Kinds;
using Mainstay.Prove.Faults.Proxy;

namespace Mainstay.Prove.Tests.Faults.Proxy.Http;

[Collection(Alone.Name)]
public sealed class RequestFaultTests
{
    private static FaultProxy ProxyTo(Upstream upstream) => FaultProxy.Start(FaultProxySpec.To(upstream.Endpoint, 7), TimeProvider.System);

    private static string Get(string target, string? id = null) => $"GET {target} HTTP/1.1\r\nHost: a\r\n{(id is null ? "" : $"X-Request-Id: {id}\r\n")}\r\n";

    [Fact]
    public async Task A_status_is_answered_in_the_upstreams_place_on_a_connection_that_goes_on()
    {
        await using var upstream = Upstream.Http();
        await using var proxy = ProxyTo(upstream);
        using var client = await Client.ConnectAsync(proxy.Endpoint);
        Assert.StartsWith("HTTP/1.1 200", (await client.AskAsync(Get("/a"))).Head, StringComparison.Ordinal);
        proxy.Set(new HttpStatus(new(null, "/b"), 503));
        Assert.StartsWith("HTTP/1.1 200", (await client.AskAsync(Get("/a"))).Head, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 503", (await client.AskAsync(Get("/b"))).Head, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 503", (await client.AskAsync("POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nGET /")).Head, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200", (await client.AskAsync(Get("/a"))).Head, StringComparison.Ordinal);
        proxy.Clear();
        Assert.StartsWith("HTTP/1.1 200", (await client.AskAsync(Get("/b"))).Head, StringComparison.Ordinal);
        Assert.Equal((4, 2), (proxy.Count.Requests.Requests, proxy.Count.RequestsFaulted));
    }

    [Fact]
    public async Task A_head_that_comes_in_crumbs_is_judged_when_it_is_whole()
    {
        await using var upstream = Upstream.Http();
        await using var proxy = ProxyTo(upstream);
        proxy.Set(new HttpStatus(new("GET", "/b"), 418));
        using var client = await Client.ConnectAsync(proxy.Endpoint);
        foreach (var target in (string[])["/a", "/b", "/a"])
        {
            foreach (var letter in Get(target)[..^1])
                await client.SayAsync($"{letter}");
            Assert.Contains(target == "/b" ? " 418 " : " 200 ", (await client.AskAsync("\n")).Head, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_delay_is_for_its_path_alone()
    {
        await using var upstream = Upstream.Http();
        await using var proxy = ProxyTo(upstream);
        proxy.Set(new HttpDelay(new(null, "/slow"), TimeSpan.FromMilliseconds(400)));
        using var client = await Client.ConnectAsync(proxy.Endpoint);
        var start = Stopwatch.GetTimestamp();
        await client.AskAsync(Get("/quick"));
        var quick = Stopwatch.GetElapsedTime(start);
        await client.AskAsync(Get("/slow"));
        var slow = Stopwatch.GetElapsedTime(start) - quick;
        Assert.InRange(slow.TotalMilliseconds, 395, 700);
        Assert.True(quick < TimeSpan.FromMilliseconds(300));
    }

    [Fact]
    public async Task An_answer_is_reset_in_its_middle_and_the_upstream_has_seen_the_request()
    {
        await using var upstream = Upstream.Http(bodyBytes: 10_000);
        await using var proxy = ProxyTo(upstream);
        proxy.Set(new HttpReset(new("POST", "/pay"), 500));
        using var client = await Client.ConnectAsync(proxy.Endpoint);
        Assert.Equal(10_000, (await client.AskAsync(Get("/pay"))).Body.Length);
        await client.SayAsync("POST /pay HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Equal((500, SocketError.ConnectionReset), await client.HearTheEndAsync());
        Assert.Equal((2, 1), (proxy.Count.Requests.Requests, proxy.Count.Resets));
    }

    [Fact]
    public async Task A_ratio_of_requests_fails()
    {
        await using var upstream = Upstream.Http();
        await using var proxy = ProxyTo(upstream);
        proxy.Set(new HttpStatus(new(Ratio: 0.5), 500));
        using var client = await Client.ConnectAsync(proxy.Endpoint);
        var failed = 0;
        for (var i = 0; i < 100; i++)
            failed += (await client.AskAsync(Get("/"))).Head.Contains(" 500 ", StringComparison.Ordinal) ? 1 : 0;
        Assert.InRange(failed, 30, 70);
        Assert.Equal(100 - failed, proxy.Count.Requests.Requests);
    }

    [Fact]
    public async Task Requests_are_counted_by_method_and_target_and_replays_are_recognised()
    {
        await using var upstream = Upstream.Http();
        await using var proxy = ProxyTo(upstream);
        using var client = await Client.ConnectAsync(proxy.Endpoint);
        const string Trace = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n";
        await client.AskAsync(Get("/a", "one"));
        await client.AskAsync(Get("/a", "two"));
        await client.AskAsync(Get("/a", "one"));
        await client.AskAsync($"POST /b HTTP/1.1\r\nHost: a\r\n{Trace}\r\n");
        await client.AskAsync($"POST /b HTTP/1.1\r\nHost: a\r\n{Trace.Replace("b7ad6b7169203331", "00f067aa0ba902b7")}\r\n");
        await client.AskAsync(Get("/c"));
        var count = proxy.Count.Requests;
        Assert.Equal((6, 2), (count.Requests, count.Replays));
        Assert.Equal(new(2, 2, 2, 1, 0), count.Unsafe);
        Assert.Equal([new("GET", "/a", 3), new("POST", "/b", 2), new("GET", "/c", 1)], count.Targets);
    }

    [Fact]
    public async Task What_is_no_HTTP_passes_untouched_also_under_faults_of_requests()
    {
        await using var upstream = Upstream.Echo();
        await using var proxy = ProxyTo(upstream);
        proxy.Set(new HttpStatus(RequestFilter.All, 503));
        using var client = await Client.ConnectAsync(proxy.Endpoint);
        await client.SayAsync("\u0016\u0003\u0001 this is another protocol");
        Assert.Equal("\u0016\u0003\u0001 this is another protocol", await client.HearAsync(28));
        using var other = await Client.ConnectAsync(proxy.Endpoint);
        var words = "SELECT" + new string(' ', 40_000);
        await other.SayAsync(words);
        Assert.Equal(words, await other.HearAsync(words.Length));
    }
}
