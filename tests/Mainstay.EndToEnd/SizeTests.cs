using System.Globalization;
using System.Text;
using Mainstay.Testing;
using Mainstay.Testing.Http;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary>Large bodies pass through, they are not gathered; idle connections are held.</summary>
public sealed class SizeTests
{
    private const long MostGrowth = 64L << 20;

    // Sent in pieces of this size, a body is read on one thread and passed on by another more often than in larger ones.
    private const int PieceBytes = 16 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(20);

    // The collector comes once for so much garbage, not once for a cache of the machine: then garbage counts on every machine.
    private static readonly Dictionary<string, string> RareCollections = new() { ["DOTNET_GCgen0size"] = "0x40000000" };

    private static long Bytes => (long)Repeat.Times(ci: 256, full: 1024) << 20;

    [Fact]
    public async Task A_large_download_passes_without_being_gathered() => await PassesAsync(async (connection, port, cancel) =>
    {
        await connection.WriteAsync(new HttpCall("GET", $"/download?bytes={Bytes}").ToBytes(port), cancel);
        var (status, headers) = await connection.ReadHeadAsync(cancel);
        Assert.Equal(200, status);
        Assert.Contains(headers, header => header.Key == "Content-Length" && header.Value == $"{Bytes}");
        Assert.Equal(Bytes, await connection.SkipAsync(Bytes, cancel));
    });

    [Fact]
    public async Task A_large_upload_passes_without_being_gathered() => await PassesAsync(async (connection, port, cancel) =>
    {
        await connection.WriteAsync(Encoding.ASCII.GetBytes($"POST /upload HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {Bytes}\r\n\r\n"), cancel);
        var piece = new byte[PieceBytes];
        for (var left = Bytes; left > 0; left -= piece.Length)
            await connection.WriteAsync(piece.AsMemory(0, (int)Math.Min(left, piece.Length)), cancel);
        var answer = await connection.ReadAnswerAsync("POST", cancel);
        Assert.Equal(Bytes.ToString(CultureInfo.InvariantCulture), answer.Text);
    });

    /// <summary>Nothing of one is left for the next request or the connection's end, however the pieces that it comes in end.</summary>
    [Fact]
    public async Task An_answer_of_any_length_comes_whole_and_at_once()
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(1));
        using var connection = await HttpConnection.OpenAsync(run.Port, limit.Token);
        for (var length = 1; length < 10_000_000; length = (length * 6 / 5) + 1)
        {
            using var soon = new CancellationTokenSource(AtOnce, TimeProvider.System);
            await connection.WriteAsync(new HttpCall("GET", $"/download?bytes={length}").ToBytes(run.Port), soon.Token);
            Assert.Equal(200, (await connection.ReadHeadAsync(soon.Token)).Status);
            Assert.Equal(length, await connection.SkipAsync(length, soon.Token));
        }
    }

    [Fact]
    public async Task Two_thousand_idle_connections_are_held()
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(replicas: 1));
        var connections = new List<HttpConnection>();
        try
        {
            for (var i = 0; i < 2000; i++)
            {
                connections.Add(await HttpConnection.OpenAsync(run.Port, limit.Token));
                if (i % 10 == 0)
                    Assert.Equal(200, (await connections[i].SendAsync(new("GET", "/"), limit.Token)).Status);
            }
            Assert.True((await run.StatusAsync()).GetProperty("edge").GetProperty("connections").GetInt32() >= 2000);
            foreach (var connection in connections)
                Assert.Equal(200, (await connection.SendAsync(new("GET", "/"), limit.Token)).Status);
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
        }
    }

    private static async Task PassesAsync(Func<HttpConnection, int, CancellationToken, Task> transfer)
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        using var workspace = new Workspace();
        var manifest = Counter.Manifest(1).Replace("edge: { ", "edge: { limits: { body: 2GiB }, ", StringComparison.Ordinal);
        await using var run = MainstayRun.LaunchWith(RareCollections, workspace, manifest);
        await run.ReadyAsync();
        using var connection = await HttpConnection.OpenAsync(run.Port, limit.Token);
        await connection.SendAsync(new("GET", "/"), limit.Token);
        var before = run.Memory;
        var peak = before;
        var transferring = transfer(connection, run.Port, limit.Token);
        await Eventually.True(
            () =>
            {
                peak = Math.Max(peak, run.Memory);
                return transferring.IsCompleted;
            },
            Patience, "the transfer ends");
        await transferring;
        TestContext.Current.TestOutputHelper?.WriteLine($"{Bytes >> 20} MiB; memory grew by {(peak - before) >> 10} KiB");
        Assert.True(peak - before < MostGrowth, $"Memory grew by {(peak - before) >> 20} MiB.");
    }
}
