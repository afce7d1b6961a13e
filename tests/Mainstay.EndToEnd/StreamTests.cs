using System.Net.WebSockets;
using System.Text;
using Mainstay.Testing;
using Mainstay.Testing.Http;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary>Long streams across deploys: another service's is not felt, their own ends them in order.</summary>
public sealed class StreamTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_WebSocket_survives_a_deploy_of_another_service_and_is_told_1001_in_its_own()
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, TwoServices);
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new($"ws://127.0.0.1:{run.Port}/ws"), limit.Token);
        await EchoAsync(socket, "before", limit.Token);
        await DeployAsync(run, "other");
        await EchoAsync(socket, "between", limit.Token);
        var own = DeployAsync(run, "web");
        var end = await socket.ReceiveAsync(new byte[1024], limit.Token);
        Assert.Equal(WebSocketMessageType.Close, end.MessageType);
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, end.CloseStatus); // 1001
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
        await own;
    }

    [Fact]
    public async Task Server_sent_events_survive_a_deploy_of_another_service_and_end_cleanly_in_their_own()
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, TwoServices);
        using var connection = await HttpConnection.OpenAsync(run.Port, limit.Token);
        await connection.WriteAsync(new HttpCall("GET", "/events").ToBytes(run.Port), limit.Token);
        var (status, _) = await connection.ReadHeadAsync(limit.Token);
        Assert.Equal(200, status);
        var deploy = DeployAsync(run, "other");
        while (!deploy.IsCompleted)
            Assert.NotEmpty(await connection.ReadChunkAsync(limit.Token));
        await deploy;
        var own = DeployAsync(run, "web");
        // The last chunk is the proof of a clean end: a cut stream throws.
        while ((await connection.ReadChunkAsync(limit.Token)).Length > 0)
        {
        }
        await own;
    }

    private static string TwoServices => $$"""
        name: streams
        edge: { listen: "http://127.0.0.1:{PORT}" }
        services:
        {{Counter.Service("web", 1, "deploy: { ready_for: 500ms }", "stop: { drain: 5s }")}}
        {{Counter.Service("other", 1, "deploy: { ready_for: 500ms }", "stop: { drain: 5s }")}}
        routes:
          - { path: /other/**, service: other, timeout: 4s }
          - { path: /**, service: web, timeout: 4s }
        """;

    private static async Task DeployAsync(MainstayRun run, string service)
    {
        var deploy = await run.CommandAsync("deploy", service, "--force");
        Assert.True(deploy.ExitCode == 0, $"{deploy.Text}\n{run.Program.Tail}");
    }

    private static async Task EchoAsync(ClientWebSocket socket, string text, CancellationToken cancel)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, cancel);
        var buffer = new byte[1024];
        var answer = await socket.ReceiveAsync(buffer, cancel);
        Assert.Equal(text, Encoding.UTF8.GetString(buffer, 0, answer.Count));
    }
}
