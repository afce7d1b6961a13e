using System.Globalization;
using Mainstay.Testing;
using Mainstay.Testing.Http;
using Mainstay.Testing.Load;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary>What a route's <c>rate_limit</c> lets through, counted by clients; and by whom it counts.</summary>
public sealed class RateLimitTests
{
    [Fact]
    public async Task Twenty_a_second_of_a_hundred_are_let_through_and_the_others_are_told_when_to_come_back()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Manifest("""
            - { path: /who, service: web, rate_limit: 20/s }
              - { path: /version, service: web, rate_limit: 20/s }
            """));
        // A first request through cold code would be counted a tenth of a second after it was sent.
        await using (SteadyLoad.Start(run.Port, 100, _ => new("GET", "/version")))
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        var allowed = 0;
        var refused = 0;
        await using var load = SteadyLoad.Start(run.Port, 100, _ => new("GET", "/who"), (_, answer) =>
        {
            Interlocked.Increment(ref answer.Status == 200 ? ref allowed : ref refused);
            return answer.Status == 200 ? Announced(answer) : Refusal(answer);
        });
        await Task.Delay(TimeSpan.FromSeconds(Repeat.Times(ci: 3, full: 30)), TimeProvider.System);
        var report = await load.StopAsync();
        var length = (report.Samples[^1].SentAt - report.Samples[0].SentAt).TotalSeconds;
        var expected = 20 + Math.Floor(20 * length); // no half requests
        TestContext.Current.TestOutputHelper?.WriteLine($"{allowed} of {report.Total} in {length:0.000} s, expected {expected}; {refused} refused");
        Counter.AssertNoneFailed(report, atLeast: 250, run);
        Assert.InRange(allowed, expected - 1, expected + 1);
    }

    [Fact]
    public async Task Each_key_has_its_own_and_everyone_shares_one()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Manifest("""
            - { path: /who, service: web, rate_limit: { rate: 1/m, burst: 3, by: "header:X-Api-Key" } }
              - { path: /version, service: web, rate_limit: { rate: 1/m, burst: 3, by: everyone } }
            """));
        foreach (var key in new[] { "X-Api-Key: a\r\n", "x-api-key: b\r\n", "" })
            Assert.Equal("200 200 200 429 429", await AskAsync(run, "/who", 5, _ => key));
        // Leaving the key out, or sending an empty one, is no way around; nor is another key where everyone shares.
        Assert.Equal("429", await AskAsync(run, "/who", 1, _ => ""));
        Assert.Equal("200 200 200 429 429", await AskAsync(run, "/version", 5, number => $"X-Api-Key: {number}\r\nX-Forwarded-For: 192.0.2.{number}\r\n"));
        // A route without a limit has nothing to do with it.
        Assert.Equal("200 200 200 200 200", await AskAsync(run, "/pid", 5, _ => ""));
    }

    [Fact]
    public async Task Clients_behind_a_trusted_proxy_are_told_apart()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Manifest(ByClient, trusted: ", trusted_proxies: [127.0.0.1/32]"));
        Assert.Equal("200 200 429", await AskAsync(run, "/who", 3, _ => "X-Forwarded-For: 192.0.2.1\r\n"));
        Assert.Equal("200 200 429", await AskAsync(run, "/who", 3, _ => "X-Forwarded-For: 192.0.2.2\r\n"));
        // What stands further left was said by the client itself, and would get it a fresh bucket each time.
        Assert.Equal("429 429", await AskAsync(run, "/who", 2, number => $"X-Forwarded-For: 198.51.100.{number}, 192.0.2.1\r\n"));
        // A /64 is one client.
        Assert.Equal("200 200 429", await AskAsync(run, "/who", 3, number => $"X-Forwarded-For: 2001:db8::{number + 1}\r\n"));
    }

    [Fact]
    public async Task Nobody_else_is_believed()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Manifest(ByClient, trusted: ", trusted_proxies: [192.0.2.0/24]"));
        Assert.Equal("200 200 429 429", await AskAsync(run, "/who", 4, number => $"X-Forwarded-For: 192.0.2.{number + 1}\r\nForwarded: for=192.0.2.{number + 1}\r\n"));
    }

    [Fact]
    public async Task A_deploy_fills_nobody_s_bucket()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Manifest(ByClient));
        Assert.Equal("200 200 429", await AskAsync(run, "/who", 3, _ => ""));
        var deploy = await run.CommandAsync("deploy", "--force");
        Assert.True(deploy.ExitCode == 0, deploy.Text);
        Assert.Equal("429", await AskAsync(run, "/who", 1, _ => ""));
    }

    private const string ByClient = """- { path: /who, service: web, rate_limit: { rate: 1/m, burst: 2, by: client } }""";

    private static string Manifest(string routes, string trusted = "") => $$"""
        name: limited
        edge: { listen: "http://127.0.0.1:{PORT}"{{trusted}} }
        services:
        {{Counter.Service("web", 1, "deploy: { ready_for: 100ms }")}}
        routes:
          {{routes}}
          - { path: /**, service: web }
        """;

    private static async Task<string> AskAsync(MainstayRun run, string path, int times, Func<int, string> headers)
    {
        var statuses = new int[times];
        for (var i = 0; i < times; i++)
            statuses[i] = (await HttpConnection.OnceAsync(run.Port, new("GET", path, Headers: headers(i)))).Status;
        return string.Join(' ', statuses);
    }

    private static string? Announced(HttpAnswer answer) =>
        answer.Header("RateLimit") is { } left && left.StartsWith("\"route\";r=", StringComparison.Ordinal) && answer.Header("RateLimit-Policy") == "\"route\";q=20;w=1"
            ? null
            : $"RateLimit: {answer.Header("RateLimit")}, RateLimit-Policy: {answer.Header("RateLimit-Policy")}";

    private static string? Refusal(HttpAnswer answer)
    {
        if (answer.Status != 429)
            return $"status {answer.Status}";
        if (answer.Header("Content-Type") != "application/problem+json" || !answer.Text.Contains("\"status\":429", StringComparison.Ordinal))
            return $"no problem: {answer.Header("Content-Type")} {answer.Text}";
        if (!int.TryParse(answer.Header("Retry-After"), CultureInfo.InvariantCulture, out var wait) || wait != 1)
            return $"Retry-After: {answer.Header("Retry-After")}";
        if (answer.Header("RateLimit")?.StartsWith("\"route\";r=0;t=", StringComparison.Ordinal) != true)
            return $"refused with RateLimit: {answer.Header("RateLimit")}";
        return Announced(answer);
    }
}
