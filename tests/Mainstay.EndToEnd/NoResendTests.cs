using System.Net;
using System.Net.Sockets;
using Mainstay.Testing;
using Mainstay.Testing.Http;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary>The edge decides what is sent twice, and says so; nothing below it does.</summary>
public sealed class NoResendTests
{
    [Fact]
    public async Task A_server_that_closes_unanswered_sees_a_POST_without_body_exactly_once()
    {
        await using var server = new ClosingServer();
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Manifest(server.Port));
        var answer = await HttpConnection.OnceAsync(run.Port, new("POST", "/once"));
        Assert.Equal(502, answer.Status);
        Assert.Equal(1, server.Seen("POST /once"));
        Assert.Equal("application/problem+json", answer.Header("Content-Type")?.Split(';')[0]);
    }

    [Fact]
    public async Task Every_retry_of_a_GET_is_counted()
    {
        await using var server = new ClosingServer();
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Manifest(server.Port));
        var answer = await HttpConnection.OnceAsync(run.Port, new("GET", "/twice"));
        Assert.Equal(502, answer.Status);
        var retries = (await run.StatusAsync()).GetProperty("edge").GetProperty("retries").GetInt64();
        Assert.Equal(server.Seen("GET /twice"), retries + 1);
    }

    private static string Manifest(int port) => $$"""
        name: closing
        edge: { listen: "http://127.0.0.1:{PORT}" }
        services:
          theirs: { urls: ["http://127.0.0.1:{{port}}"] }
        """;

    /// <summary>Reads a request and closes without an answer; counts what it saw.</summary>
    private sealed class ClosingServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly List<string> _seen = [];
        private readonly Task _serving;

        public ClosingServer()
        {
            _listener.Start();
            _serving = ServeAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public int Seen(string start)
        {
            lock (_seen)
                return _seen.Count(line => line.StartsWith(start, StringComparison.Ordinal));
        }

        public async ValueTask DisposeAsync()
        {
            _listener.Dispose();
            await _serving;
        }

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    using var reader = new StreamReader(client.GetStream());
                    if (await reader.ReadLineAsync() is not { } line)
                        continue;
                    while (!string.IsNullOrEmpty(await reader.ReadLineAsync()))
                    {
                    }
                    lock (_seen)
                        _seen.Add(line);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
            {
                // The test is over.
            }
        }
    }
}
