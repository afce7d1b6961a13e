using System.Net.Sockets;
using Mainstay.Prove.Storms;

namespace Mainstay.Prove.Tests.Storms;

public sealed class StormDependencyTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task It_answers_on_connections_that_are_kept()
    {
        await using var dependency = StormDependency.Start();
        using var client = new HttpClient();
        for (var i = 0; i < 3; i++)
            Assert.Equal("42\n", await client.GetStringAsync(new Uri(dependency.Url), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Hung_it_takes_requests_and_answers_them_once_it_goes_on()
    {
        await using var dependency = StormDependency.Start();
        using var client = new TcpClient();
        dependency.Hang();
        var url = new Uri(dependency.Url);
        await client.ConnectAsync(url.Host, url.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        var answer = client.GetStream().ReadAsync(new byte[100], TestContext.Current.CancellationToken).AsTask();
        using (var other = new HttpClient { Timeout = TimeSpan.FromMilliseconds(300) })
            await Assert.ThrowsAsync<TaskCanceledException>(() => other.GetStringAsync(url, TestContext.Current.CancellationToken));
        Assert.False(answer.IsCompleted);
        dependency.GoOn();
        Assert.True(await answer.WaitAsync(Limit, TestContext.Current.CancellationToken) > 0);
    }

    [Fact]
    public async Task It_ends_also_while_it_hangs()
    {
        var dependency = StormDependency.Start();
        dependency.Hang();
        using var client = new HttpClient();
        var asked = client.GetStringAsync(new Uri(dependency.Url), TestContext.Current.CancellationToken);
        await dependency.DisposeAsync().AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<HttpRequestException>(() => asked);
    }
}
