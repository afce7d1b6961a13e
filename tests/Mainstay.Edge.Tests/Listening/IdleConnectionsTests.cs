namespace Mainstay.Edge.Tests.Listening;

/// <summary>Measures the whole process's memory, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(IdleConnectionsTests), DisableParallelization = true)]
[Collection(nameof(IdleConnectionsTests))]
public sealed class IdleConnectionsTests
{
    private const int Connections = 2000;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Two_thousand_idle_connections_are_cheap()
    {
        await using var edge = await RunningEdge.StartAsync(exchange => RunningEdge.SayAsync(exchange, "ok"));
        // What the first connection brings along for all of them does not count, nor does what earlier tests left behind.
        using (var first = await edge.ConnectAsync())
            await AskAsync(first);
        await UntilConnectedAsync(edge, 0);
        var before = Settled();
        var clients = new List<RawClient>();
        for (var i = 0; i < Connections; i++)
        {
            clients.Add(await edge.ConnectAsync());
            // Half of them have been used and are kept open, half have never said a word.
            if (i % 2 == 0)
                await AskAsync(clients[^1]);
        }
        await UntilConnectedAsync(edge, Connections);
        var each = (Settled() - before) / Connections;
        TestContext.Current.TestOutputHelper?.WriteLine($"{each} bytes each");
        Assert.InRange(each, 1, 24 << 10);
        foreach (var client in clients)
            client.Dispose();
        await UntilConnectedAsync(edge, 0);
    }

    /// <summary>Bytes in use once finalizers have run: what only they let go would otherwise count before and be gone after.</summary>
    private static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return GC.GetTotalMemory(forceFullCollection: false);
    }

    private static async Task AskAsync(RawClient client)
    {
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", await client.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
        Assert.Equal("ok", await client.ReadAsync(2));
    }

    private static async Task UntilConnectedAsync(RunningEdge edge, int connections)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (edge.Server.Status().Connections != connections)
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, deadline.Token);
    }
}
