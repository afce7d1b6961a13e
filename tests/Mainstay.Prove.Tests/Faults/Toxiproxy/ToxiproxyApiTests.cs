using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Mainstay.Prove.Faults.Toxiproxy;
using Mainstay.Prove.Tests.Faults.Proxy;
using Mainstay.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Mainstay.Prove.Tests.Faults.Toxiproxy;

[Collection(Alone.Name)]
public sealed class ToxiproxyApiTests : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly ToxiproxyApi _api;
    private readonly HttpClient _http;
    private readonly Upstream _upstream = Upstream.Echo();
    private readonly List<string> _said = [];

    public ToxiproxyApiTests()
    {
        _api = Start(TimeProvider.System);
        _http = new HttpClient { BaseAddress = new($"http://{_api.Endpoint}") };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _api.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    private ToxiproxyApi Start(TimeProvider time) =>
        ToxiproxyApi.Start(new(0, 1, AllowRemote: false, TimeSpan.FromMinutes(10), line => { lock (_said) _said.Add(line); }, time));

    private async Task<(int Status, JsonNode? Json)> AskAsync(string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new(method), path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    private async Task<IPEndPoint> CreateAsync()
    {
        var (status, json) = await AskAsync("POST", "/proxies", $$$"""{"name":"echo","listen":"127.0.0.1:0","upstream":"{{{_upstream.Endpoint}}}"}""");
        Assert.Equal(201, status);
        return IPEndPoint.Parse(json!["listen"]!.GetValue<string>());
    }

    [Fact]
    public async Task Proxies_are_made_shown_changed_and_removed()
    {
        var endpoint = await CreateAsync();
        var (_, all) = await AskAsync("GET", "/proxies");
        Assert.Equal($$$"""{"echo":{"name":"echo","listen":"{{{endpoint}}}","upstream":"{{{_upstream.Endpoint}}}","enabled":true,"toxics":[]}}""", all!.ToJsonString());
        using (var client = await Client.ConnectAsync(endpoint))
        {
            await client.SayAsync("through");
            Assert.Equal("through", await client.HearAsync(7));
            var (status, json) = await AskAsync("POST", "/proxies/echo", """{"enabled":false}""");
            Assert.Equal((200, false), (status, json!["enabled"]!.GetValue<bool>()));
            Assert.Equal(SocketError.ConnectionReset, (await client.HearTheEndAsync()).Error);
        }
        var refused = await Assert.ThrowsAsync<SocketException>(() => Client.ConnectAsync(endpoint));
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        Assert.Equal(200, (await AskAsync("PATCH", "/proxies/echo", """{"enabled":true}""")).Status);
        using (await Client.ConnectAsync(endpoint))
            Assert.Equal(204, (await AskAsync("DELETE", "/proxies/echo")).Status);
        await Assert.ThrowsAsync<SocketException>(() => Client.ConnectAsync(endpoint));
        Assert.Equal("{}", (await AskAsync("GET", "/proxies")).Json!.ToJsonString());
    }

    [Fact]
    public async Task Toxics_are_made_shown_changed_and_removed()
    {
        var endpoint = await CreateAsync();
        using var client = await Client.ConnectAsync(endpoint);
        var (status, json) = await AskAsync("POST", "/proxies/echo/toxics", """{"type":"latency","attributes":{"latency":300}}""");
        Assert.Equal(200, status);
        Assert.Equal("""{"attributes":{"jitter":0,"latency":300},"name":"latency_downstream","type":"latency","stream":"downstream","toxicity":1}""", json!.ToJsonString());
        Assert.InRange((await RoundTripAsync(client)).TotalMilliseconds, 290, 600);
        Assert.Equal(200, (await AskAsync("POST", "/proxies/echo/toxics/latency_downstream", """{"attributes":{"latency":1}}""")).Status);
        Assert.InRange((await RoundTripAsync(client)).TotalMilliseconds, 0, 250);
        Assert.Equal("[\"latency_downstream\"]", new JsonArray([.. (await AskAsync("GET", "/proxies/echo/toxics")).Json!.AsArray().Select(toxic => toxic!["name"]!.DeepClone())]).ToJsonString());
        Assert.Equal(1, (await AskAsync("GET", "/proxies/echo/toxics/latency_downstream")).Json!["attributes"]!["latency"]!.GetValue<int>());
        Assert.Equal(204, (await AskAsync("DELETE", "/proxies/echo/toxics/latency_downstream")).Status);
        Assert.Equal("[]", (await AskAsync("GET", "/proxies/echo/toxics")).Json!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"type":"limit_data","attributes":{"bytes":2}}""", 2, SocketError.Success)]
    [InlineData("""{"type":"reset_peer","attributes":{"timeout":500}}""", -1, SocketError.ConnectionReset)]
    [InlineData("""{"type":"timeout","attributes":{"timeout":500}}""", 0, SocketError.Success)]
    [InlineData("""{"type":"timeout","stream":"upstream","attributes":{"timeout":500}}""", 0, SocketError.Success)]
    public async Task Toxics_that_end_connections_do(string toxic, int bytes, SocketError end)
    {
        var endpoint = await CreateAsync();
        Assert.Equal(200, (await AskAsync("POST", "/proxies/echo/toxics", toxic)).Status);
        using var client = await Client.ConnectAsync(endpoint);
        await client.SayAsync("hello");
        var (got, error) = await client.HearTheEndAsync();
        Assert.Equal(end, error);
        Assert.Equal(bytes < 0 ? got : bytes, got);
    }

    [Theory]
    [InlineData("bandwidth", """{"rate":100}""")]
    [InlineData("slow_close", """{"delay":10}""")]
    [InlineData("slicer", """{"average_size":64,"size_variation":32,"delay":10}""")]
    public async Task Toxics_that_slow_down_let_everything_through(string type, string attributes)
    {
        var endpoint = await CreateAsync();
        Assert.Equal(200, (await AskAsync("POST", "/proxies/echo/toxics", $$$"""{"name":"t","type":"{{{type}}}","stream":"upstream","toxicity":1.0,"attributes":{{{attributes}}}}""")).Status);
        using var client = await Client.ConnectAsync(endpoint);
        var words = new string('x', 5000);
        await client.SayAsync(words);
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal(words, await client.HearAllAsync());
    }

    [Fact]
    public async Task Reset_lifts_everything_and_populate_brings_what_is_missing()
    {
        var endpoint = await CreateAsync();
        await AskAsync("POST", "/proxies/echo/toxics", """{"type":"timeout","attributes":{"timeout":0}}""");
        await AskAsync("POST", "/proxies/echo", """{"enabled":false}""");
        Assert.Equal(204, (await AskAsync("POST", "/reset")).Status);
        var shown = (await AskAsync("GET", "/proxies/echo")).Json!;
        Assert.Equal((true, "[]"), (shown["enabled"]!.GetValue<bool>(), shown["toxics"]!.ToJsonString()));
        var (status, json) = await AskAsync("POST", "/populate", $$"""
            [{"name":"echo","listen":"{{endpoint}}","upstream":"{{_upstream.Endpoint}}"},{"name":"second","listen":"localhost:0","upstream":"localhost:1","enabled":false}]
            """);
        Assert.Equal(201, status);
        Assert.Equal(endpoint.ToString(), json!["proxies"]![0]!["listen"]!.GetValue<string>());
        Assert.Equal((2, false), (json["proxies"]!.AsArray().Count, json["proxies"]![1]!["enabled"]!.GetValue<bool>()));
    }

    [Theory]
    [InlineData("GET", "/proxies/none", null, 404, "proxy not found")]
    [InlineData("DELETE", "/proxies/none", null, 404, "proxy not found")]
    [InlineData("GET", "/proxies/echo/toxics/none", null, 404, "toxic not found")]
    [InlineData("POST", "/proxies", """{"listen":"127.0.0.1:0","upstream":"127.0.0.1:1"}""", 400, "missing required field: name")]
    [InlineData("POST", "/proxies", """{"name":"a","listen":"127.0.0.1:0"}""", 400, "missing required field: upstream")]
    [InlineData("POST", "/proxies", """{"name":"echo","upstream":"127.0.0.1:1"}""", 409, "proxy already exists")]
    [InlineData("POST", "/proxies", """{"name":"a","listen":"0.0.0.0:0","upstream":"127.0.0.1:1"}""", 400, "a fault proxy listens on loopback only, not on 0.0.0.0")]
    [InlineData("POST", "/proxies", """{"name":"a","upstream":"192.0.2.1:1"}""", 400, "the upstream 192.0.2.1:1 is not on this machine; faults are for loopback unless another machine is allowed explicitly")]
    [InlineData("POST", "/proxies", """{"name":"a","upstream":"nonsense"}""", 400, "upstream 'nonsense' is no address such as 127.0.0.1:6379")]
    [InlineData("POST", "/proxies", """{"name":1,"upstream":"127.0.0.1:1"}""", 400, "bad request body: name is no text")]
    [InlineData("POST", "/proxies", "{", 400, "bad request body: this is no JSON that can be understood")]
    [InlineData("POST", "/proxies", "[]", 400, "bad request body: an object is expected")]
    [InlineData("POST", "/proxies", """{"name":"a","name":"b"}""", 400, "bad request body: this is no JSON that can be understood")]
    [InlineData("POST", "/populate", "{}", 400, "bad request body: a list is expected")]
    [InlineData("POST", "/proxies/echo/toxics", """{"type":"nonsense"}""", 400, "invalid toxic type")]
    [InlineData("POST", "/proxies/echo/toxics", """{"type":"latency","stream":"sideways"}""", 400, "stream was invalid, can be either upstream or downstream")]
    [InlineData("POST", "/proxies/echo/toxics", """{"type":"latency","toxicity":2}""", 400, "bad request body: toxicity is from 0 to 1")]
    [InlineData("POST", "/proxies/echo/toxics", """{"type":"latency","attributes":{"latency":"soon"}}""", 400, "bad request body: latency is no number")]
    [InlineData("POST", "/proxies/echo/toxics", """{"type":"latency","attributes":{"latency":-1}}""", 400, "bad request body: latency is out of range")]
    [InlineData("PUT", "/proxies/echo", "{}", 405, "this method does nothing here")]
    [InlineData("GET", "/nonsense", null, 404, "there is nothing at this path for this method")]
    public async Task Mistakes_are_told_as_Toxiproxy_does(string method, string path, string? body, int status, string message)
    {
        await CreateAsync();
        var (got, json) = await AskAsync(method, path, body);
        Assert.Equal((status, status, message), (got, json!["status"]!.GetValue<int>(), json["error"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_toxic_of_that_name_exists_already()
    {
        await CreateAsync();
        Assert.Equal(200, (await AskAsync("POST", "/proxies/echo/toxics", """{"type":"latency"}""")).Status);
        Assert.Equal((409, "toxic already exists"), (await AskAsync("POST", "/proxies/echo/toxics", """{"type":"latency"}""")) is var (status, json) ? (status, json!["error"]!.GetValue<string>()) : default);
    }

    [Theory]
    [InlineData("GET /version HTTP/1.1\r\nHost: evil.example\r\n\r\n", "403")]
    [InlineData("GET /version HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n\r\n", "403")]
    [InlineData("GET /version HTTP/1.1\r\nHost: localhost\r\nUser-Agent: Mozilla/5.0\r\n\r\n", "403")]
    [InlineData("GET /version HTTP/1.1\r\nHost: 127.0.0.1:8474\r\n\r\n", "200")]
    [InlineData("GET /version HTTP/1.1\r\nHost: [::1]:8474\r\nConnection: close\r\n\r\n", "200")]
    [InlineData("nonsense\r\n\r\n", "400")]
    [InlineData("GET /version HTTP/1.1\r\nHost: a\0b\r\n\r\n", "400")]
    [InlineData("POST /reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", "400")]
    [InlineData("POST /reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999999999\r\n\r\n", "413")]
    [InlineData("POST /reset HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "400")]
    [InlineData("POST /reset HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400")]
    [InlineData("POST /reset HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", "204")]
    [InlineData("POST /reset HTTP/1.1\r\nHost : localhost\r\n\r\n", "400")]
    public async Task Hostile_bytes_are_refused(string request, string status)
    {
        using var socket = await Client.ConnectAsync(_api.Endpoint);
        await socket.SayAsync(request);
        Assert.StartsWith($"HTTP/1.1 {status} ", await Client.ReadHeadAsync(socket).WaitAsync(Soon, TimeProvider.System), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_without_end_is_refused()
    {
        using var socket = await Client.ConnectAsync(_api.Endpoint);
        await socket.SayAsync("GET /version HTTP/1.1\r\nX: " + new string('x', 20_000));
        Assert.StartsWith("HTTP/1.1 431 ", await Client.ReadHeadAsync(socket).WaitAsync(Soon, TimeProvider.System), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Random_bytes_never_end_it()
    {
        var chance = new Random(5);
        for (var i = 0; i < 200; i++)
        {
            using var socket = await Client.ConnectAsync(_api.Endpoint);
            var bytes = new byte[chance.Next(1, 300)];
            chance.NextBytes(bytes);
            await socket.SendAllAsync(bytes);
            socket.Shutdown(SocketShutdown.Send);
            await socket.HearTheEndAsync();
        }
        Assert.Equal(ToxiproxyApi.Version, (await AskAsync("GET", "/version")).Json!["version"]!.GetValue<string>());
    }

    [Fact]
    public async Task Without_signs_of_life_the_toxics_are_dropped()
    {
        var time = new FakeTimeProvider();
        await using var api = Start(time);
        using var http = new HttpClient { BaseAddress = new($"http://{api.Endpoint}") };
        using (await http.PostAsJsonAsync("/proxies", new { name = "echo", upstream = _upstream.Endpoint.ToString() })) { }
        using (await http.PostAsJsonAsync("/proxies/echo/toxics", new { type = "timeout" })) { }
        // Each time on a connection of its own: one that has rested for minutes is being closed.
        time.Advance(TimeSpan.FromMinutes(9));
        using var later = new HttpClient { BaseAddress = http.BaseAddress };
        Assert.Equal("timeout_downstream", JsonNode.Parse(await later.GetStringAsync("/proxies/echo/toxics"))![0]!["name"]!.GetValue<string>());
        time.Advance(TimeSpan.FromMinutes(9.9));
        lock (_said)
            Assert.DoesNotContain(_said, line => line.Contains("no sign of life", StringComparison.Ordinal));
        time.Advance(TimeSpan.FromMinutes(0.2));
        await Eventually.True(() => { lock (_said) return _said.Contains("no sign of life for 600 s: all toxics lifted"); }, Soon, "they are dropped");
        using var again = new HttpClient { BaseAddress = new($"http://{api.Endpoint}") };
        Assert.Equal("[]", await again.GetStringAsync("/proxies/echo/toxics"));
    }

    private static async Task<TimeSpan> RoundTripAsync(Socket client)
    {
        var start = Stopwatch.GetTimestamp();
        await client.SayAsync("ping");
        Assert.Equal("ping", await client.HearAsync(4));
        return Stopwatch.GetElapsedTime(start);
    }
}
