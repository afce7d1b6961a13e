using Mainstay.Testing;
using Mainstay.Testing.Http;
using Mainstay.Testing.Load;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary>What a route's <c>fallback</c> answers in place of an error, for every reason that there is to give one.</summary>
public sealed class FallbackTests
{
    private const string Sorry = """{"sorry":"come back later"}""";

    [Fact]
    public async Task It_stands_in_for_an_upstream_that_is_down_or_answers_503_and_a_HEAD_gets_no_body()
    {
        using var workspace = new Workspace();
        workspace.Write("sorry.json", Sorry);
        await using var run = await MainstayRun.StartAsync(workspace, Manifest($$"""
            services:
            {{Counter.Service("web", 1)}}
              gone: { urls: ["http://127.0.0.1:{{Ports.Free()}}"] }
            routes:
              - { path: /down/**, service: gone, timeout: 2s, fallback: { status: 503, file: sorry.json, content_type: application/json } }
              - { path: /answer, service: web, fallback: { status: 200, file: sorry.json, content_type: application/vnd.sorry+json } }
              - { path: /**, service: web }
            """));
        var down = await HttpConnection.OnceAsync(run.Port, new("GET", "/down/1"));
        AssertFallback(down, 503, "application/json");
        Assert.NotNull(down.Header("X-Request-Id"));
        Assert.Equal("no-store", down.Header("Cache-Control"));

        foreach (var status in new[] { 502, 503, 504 })
        {
            var replaced = await HttpConnection.OnceAsync(run.Port, new("GET", $"/answer?status={status}&after=7"));
            AssertFallback(replaced, 200, "application/vnd.sorry+json");
            Assert.Equal("7", replaced.Header("Retry-After"));
        }
        // Every other answer is the application's word.
        foreach (var status in new[] { 200, 404, 429, 500 })
        {
            var own = await HttpConnection.OnceAsync(run.Port, new("GET", $"/answer?status={status}"));
            Assert.Equal((status, "the app's own words", null), (own.Status, own.Text, own.Header("Mainstay-Degraded")));
        }
        // Without a fallback an upstream's 503 passes as it is, too.
        Assert.Equal(404, (await HttpConnection.OnceAsync(run.Port, new("GET", "/nowhere"))).Status);

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        using var connection = await HttpConnection.OpenAsync(run.Port, limit.Token);
        var head = await connection.SendAsync(new("HEAD", "/answer?status=503"), limit.Token);
        Assert.Equal((200, $"{Sorry.Length}", "fallback"), (head.Status, head.Header("Content-Length"), head.Header("Mainstay-Degraded")));
        // A body after the head would be taken for the next answer on the connection.
        AssertFallback(await connection.SendAsync(new("GET", "/answer?status=503"), limit.Token), 200, "application/vnd.sorry+json");
    }

    [Fact]
    public async Task It_stands_in_for_a_service_without_a_ready_replica()
    {
        using var workspace = new Workspace();
        workspace.Write("sorry.json", Sorry);
        await using var run = MainstayRun.Launch(workspace, Manifest($$"""
            services:
            {{Counter.Service("web", 1, "environment: { MODE: never-ready }")}}
            routes:
              - { path: /**, service: web, timeout: 1s, fallback: { file: sorry.json } }
            """));
        HttpAnswer? answer = null;
        await Eventually.True(
            async () =>
            {
                try
                {
                    answer = await HttpConnection.OnceAsync(run.Port, new("GET", "/"));
                    return true;
                }
                catch (System.Net.Sockets.SocketException)
                {
                    return false; // not listening yet
                }
            },
            TimeSpan.FromSeconds(20), "an answer", () => run.Program.Tail);
        AssertFallback(answer!, 503, "application/json");
        Assert.NotNull(answer!.Header("Retry-After"));
    }

    [Fact]
    public async Task It_stands_in_for_what_is_shed()
    {
        using var workspace = new Workspace();
        workspace.Write("sorry.json", Sorry);
        await using var run = await MainstayRun.StartAsync(workspace, Manifest($$"""
            services:
            {{Counter.Service("web", 1, """environment: { PLACES: "2", WORK_MS: "50" }""")}}
            routes:
              - { path: /work, service: web, concurrency: 2, fallback: { status: 503, file: sorry.json, content_type: application/json } }
              - { path: /**, service: web }
            """));
        var served = 0;
        var degraded = 0;
        await using var load = SteadyLoad.Start(run.Port, 200, _ => new("GET", "/work"), (_, answer) =>
        {
            if (answer.Status == 200)
            {
                Interlocked.Increment(ref served);
                return answer.Header("Mainstay-Degraded") is null ? null : "a good answer that is called degraded";
            }
            Interlocked.Increment(ref degraded);
            AssertFallback(answer, 503, "application/json");
            return answer.Header("Retry-After") is null ? "no Retry-After" : null;
        });
        await Task.Delay(TimeSpan.FromSeconds(Repeat.Times(ci: 5, full: 30)), TimeProvider.System);
        Counter.AssertNoneFailed(await load.StopAsync(), atLeast: 600, run);
        var route = (await run.StatusAsync()).GetProperty("edge").GetProperty("routes")[0];
        TestContext.Current.TestOutputHelper?.WriteLine($"{served} served, {degraded} degraded; status: {route}");
        Assert.True(served > 100, $"{served} served");
        Assert.Equal(route.GetProperty("shed").GetInt64(), degraded);
        Assert.True(degraded > 100, $"{degraded} degraded");
    }

    [Fact]
    public async Task It_stands_in_while_the_breaker_is_open()
    {
        using var workspace = new Workspace();
        workspace.Write("sorry.html", "<p>sorry</p>");
        await using var run = await MainstayRun.StartAsync(workspace, Manifest($$"""
            services:
            {{Counter.Service("web", 1)}}
            routes:
              - { path: /flaky, service: web, fallback: { status: 203, file: sorry.html } }
              - { path: /**, service: web }
            """));
        await HttpConnection.OnceAsync(run.Port, new("POST", "/failing?percent=100"));
        HttpAnswer? answer = null;
        await Eventually.True(
            async () => (answer = await HttpConnection.OnceAsync(run.Port, new("GET", "/flaky"))).Status != 500,
            TimeSpan.FromSeconds(10), "the breaker opens");
        Assert.Equal((203, "<p>sorry</p>", "text/html; charset=utf-8", "fallback"),
            (answer!.Status, answer.Text, answer.Header("Content-Type"), answer.Header("Mainstay-Degraded")));
        Assert.NotNull(answer.Header("Retry-After"));
        var route = (await run.StatusAsync()).GetProperty("edge").GetProperty("routes")[0];
        Assert.NotEqual("closed", route.GetProperty("breaker").GetString());
    }

    [Fact]
    public async Task A_file_that_is_missing_is_an_error_of_the_manifest_at_up_and_at_deploy()
    {
        using var workspace = new Workspace();
        workspace.Write("sorry.json", Sorry);
        const string Routes = """
            routes:
              - { path: /answer, service: web, fallback: { file: sorry.json } }
              - { path: /**, service: web }
            """;
        await using var run = await MainstayRun.StartAsync(workspace, Manifest($$"""
            services:
            {{Counter.Service("web", 1, "deploy: { ready_for: 100ms }")}}
            {{Routes}}
            """));
        File.Delete(workspace["sorry.json"]);
        var deploy = await run.CommandAsync("deploy", "--force");
        Assert.Equal(2, deploy.ExitCode);
        Assert.Contains("routes[0].fallback.file", deploy.Text, StringComparison.Ordinal);
        Assert.Contains($"there is no file {workspace["sorry.json"]}; create it or correct the path", deploy.Text, StringComparison.Ordinal);
        // Nothing has changed: what was read before still stands in.
        AssertFallback(await HttpConnection.OnceAsync(run.Port, new("GET", "/answer?status=503")), 503, "application/json");
        Assert.Equal(1, Assert.Single(await run.ReplicasAsync()).Release);
        Assert.Equal(0, (await run.CommandAsync("stop")).ExitCode);

        var up = await run.CommandAsync("up", workspace.Path);
        Assert.Equal(2, up.ExitCode);
        Assert.Contains($"there is no file {workspace["sorry.json"]}; create it or correct the path", up.Text, StringComparison.Ordinal);
    }

    private static string Manifest(string rest) => $$"""
        name: degraded
        edge: { listen: "http://127.0.0.1:{PORT}" }
        {{rest}}
        """;

    private static void AssertFallback(HttpAnswer answer, int status, string type) =>
        Assert.Equal((status, Sorry, type, "fallback"), (answer.Status, answer.Text, answer.Header("Content-Type"), answer.Header("Mainstay-Degraded")));
}
