using System.Net.Sockets;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Tests.Faults.Proxy;

namespace Mainstay.Prove.Tests.Experiments.Running;

public sealed class NewcomersTests
{
    private static readonly Exercised Get = Specs.Scope("services: { web: node server.js }").Sent[0];

    [Fact]
    public async Task Whoever_is_answered_was_not_turned_away()
    {
        var (came, away) = await ComeAsync(3, async socket =>
        {
            await Faults.Proxy.Client.ReadHeadAsync(socket);
            await socket.SayAsync("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        });
        Assert.True(came >= 2, $"{came} came");
        Assert.Equal(0, away);
    }

    [Fact]
    public async Task Whoever_waits_for_too_long_was_and_the_next_one_comes()
    {
        var (came, away) = await ComeAsync(3, socket => socket.HearTheEndAsync(), patienceSeconds: 0.05);
        Assert.True(came >= 2, $"{came} came");
        Assert.Equal(came, away);
    }

    [Fact]
    public async Task Whoever_has_not_waited_for_long_when_it_is_over_does_not_count() =>
        Assert.Equal((0, 0), await ComeAsync(1, socket => socket.HearTheEndAsync()));

    /// <summary>Over as soon as so many have connected.</summary>
    private static async Task<(int Came, int TurnedAway)> ComeAsync(int connections, Func<Socket, Task> serve, double patienceSeconds = 30)
    {
        using var over = new CancellationTokenSource();
        var count = 0;
        await using var server = Upstream.Serve(async socket =>
        {
            if (Interlocked.Increment(ref count) == connections)
                await over.CancelAsync();
            else
                await serve(socket);
        });
        return await new Newcomers(server.Endpoint, Get, TimeSpan.FromSeconds(patienceSeconds), TimeSpan.FromMilliseconds(1), TimeProvider.System).ComeAsync(over.Token);
    }
}
