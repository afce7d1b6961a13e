using System.Net;
using System.Net.Sockets;
using System.Text;
using Mainstay.Supervisor.Probing;

namespace Mainstay.Supervisor.Tests.Probing;

public sealed class ProbeTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private string _asked = "";

    public ProbeTests() => _listener.Start();

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose() => _listener.Dispose();

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", true, "")]
    [InlineData("HTTP/1.0 204 No Content\r\n\r\n", true, "")]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", true, "")]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\n\r\n", false, "GET /readyz answered 503")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n", false, "GET /readyz answered 302")]
    [InlineData("SSH-2.0-OpenSSH\r\n", false, "GET /readyz was not answered with HTTP")]
    [InlineData("HTTP/1.1 2OO Odd\r\n\r\n", false, "GET /readyz was not answered with HTTP")]
    [InlineData("", false, "GET /readyz was not answered with HTTP")]
    public async Task An_answer_is_well_when_it_is_2xx(string answer, bool ok, string reason)
    {
        var serving = ServeAsync(answer);
        var result = await new HttpProbe(Port, "/readyz", TimeProvider.System).AskAsync(Timeout, default);
        Assert.Equal((ok, reason), (result.Ok, result.Reason));
        await serving;
        Assert.StartsWith("GET /readyz HTTP/1.1\r\nHost: 127.0.0.1:", _asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_without_end_is_given_up_at_16_KiB()
    {
        var serving = ServeAsync("HTTP/1.1 200 OK\r\nX: " + new string('x', 100_000));
        var result = await new HttpProbe(Port, "/", TimeProvider.System).AskAsync(Timeout, default);
        Assert.Equal("GET / was not answered with HTTP", result.Reason);
        await serving;
    }

    [Fact]
    public async Task Silence_ends_at_the_timeout()
    {
        var result = await new HttpProbe(Port, "/", TimeProvider.System).AskAsync(TimeSpan.FromMilliseconds(80), default);
        Assert.Equal("GET / got no answer within 0.08 s", result.Reason);
    }

    [Fact]
    public async Task A_body_without_end_does_not_hold_up_the_answer()
    {
        var serving = ServeAsync("HTTP/1.1 200 OK\r\n\r\n" + new string('x', 10_000_000));
        Assert.True((await new HttpProbe(Port, "/", TimeProvider.System).AskAsync(Timeout, default)).Ok);
        await serving;
    }

    [Fact]
    public async Task A_connection_is_enough_for_tcp_and_a_refusal_is_said()
    {
        Assert.True((await new TcpProbe(Port, TimeProvider.System).AskAsync(Timeout, default)).Ok);
        var port = Port;
        _listener.Stop();
        var refused = await new TcpProbe(port, TimeProvider.System).AskAsync(Timeout, default);
        Assert.Equal((false, true, "nothing listens on its port"), (refused.Ok, refused.Refused, refused.Reason));
        var h2c = await new H2cProbe(port, "/", TimeProvider.System).AskAsync(Timeout, default);
        Assert.Equal((false, true, "nothing listens on its port"), (h2c.Ok, h2c.Refused, h2c.Reason));
    }

    [Fact]
    public async Task H2c_speaks_with_prior_knowledge()
    {
        var serving = ServeAsync("HTTP/1.1 400 Bad Request\r\n\r\n");
        var result = await new H2cProbe(Port, "/", TimeProvider.System).AskAsync(Timeout, default);
        Assert.False(result.Ok);
        await serving;
        Assert.StartsWith("PRI * HTTP/2.0\r\n", _asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_is_not_an_answer()
    {
        using var cancel = new CancellationTokenSource();
        var asking = new HttpProbe(Port, "/", TimeProvider.System).AskAsync(Timeout, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    private async Task ServeAsync(string answer)
    {
        using var socket = await _listener.AcceptSocketAsync();
        var buffer = new byte[4096];
        _asked = Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer));
        try
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(answer));
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The probe has heard enough.
        }
    }
}
