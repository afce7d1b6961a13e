using System.Net;
using System.Net.Sockets;
using Mainstay.Cli.Keeping;

namespace Mainstay.Cli.Tests.Keeping;

public sealed class KeptSocketsTests
{
    private readonly FakeDescriptors _descriptors = new();
    private readonly KeptSockets _sockets;

    public KeptSocketsTests() => _sockets = new(_descriptors, () => _descriptors.Keys);

    [Fact]
    public void What_an_earlier_core_listened_on_is_found_by_its_url_once()
    {
        using var listener = Listen();
        _descriptors.Tell("listen/http://127.0.0.1:80", listener.Server.SafeHandle);
        using var found = _sockets.Find("http://127.0.0.1:80", Address(listener));
        Assert.Equal(listener.LocalEndpoint, SocketName.Of((int)found!.DangerousGetHandle()));
        Assert.Null(_sockets.Find("http://127.0.0.1:80", Address(listener)));
    }

    [Fact]
    public void What_is_listened_on_is_kept_and_forgotten_under_its_url()
    {
        using var listener = Listen();
        _sockets.Keep("http://a", listener.Server.SafeHandle);
        _sockets.Forget("http://a");
        Assert.Equal(["hold listen/http://a", "release listen/http://a"], _descriptors.Said);
    }

    [Fact]
    public void A_socket_that_systemd_handed_over_is_found_by_its_address_and_is_kept_under_the_url_then()
    {
        using var listener = Listen();
        _descriptors.Tell("activated/0", listener.Server.SafeHandle);
        using var found = _sockets.Find("http://web", Address(listener));
        Assert.Equal(listener.LocalEndpoint, SocketName.Of((int)found!.DangerousGetHandle()));
        Assert.Equal(["hold listen/http://web", "release activated/0"], _descriptors.Said);
    }

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(2, 1, 0)]
    [InlineData(1, 2, 0)]
    public void Several_of_them_are_found_in_whatever_order_they_are_asked_for(params int[] order)
    {
        TcpListener[] listeners = [Listen(), Listen(), Listen()];
        for (var i = 0; i < listeners.Length; i++)
            _descriptors.Tell($"activated/{i}", listeners[i].Server.SafeHandle);
        foreach (var i in order)
        {
            using var found = _sockets.Find($"http://{i}", Address(listeners[i]));
            Assert.NotNull(found);
            Assert.Equal(listeners[i].LocalEndpoint, SocketName.Of((int)found.DangerousGetHandle()));
            listeners[i].Dispose();
        }

        Assert.Equal(3, _descriptors.Said.Count(said => said.StartsWith("release activated/", StringComparison.Ordinal)));
    }

    [Fact]
    public void One_for_all_of_IPv6_is_one_for_all_of_IPv4_too()
    {
        if (!Socket.OSSupportsIPv6)
            return;
        using var listener = new TcpListener(IPAddress.IPv6Any, 0);
        listener.Server.DualMode = true;
        listener.Start();
        _descriptors.Tell("activated/0", listener.Server.SafeHandle);
        Assert.Null(_sockets.Find("http://loopback", new(IPAddress.Loopback, Address(listener).Port)));
        using var found = _sockets.Find("http://any", new(IPAddress.Any, Address(listener).Port));
        Assert.NotNull(found);
    }

    [Fact]
    public void What_is_no_TCP_socket_or_listens_elsewhere_is_left_alone()
    {
        using var listener = Listen();
        using var file = File.OpenHandle("/dev/null");
        _descriptors.Tell("activated/0", file);
        _descriptors.Tell("activated/1", listener.Server.SafeHandle);
        _descriptors.Tell("logs/web", file);
        Assert.Null(_sockets.Find("http://a", new(IPAddress.Loopback, 1)));
        Assert.Null(_sockets.Find("http://a", new(IPAddress.Parse("127.0.0.2"), Address(listener).Port)));
        Assert.Empty(_descriptors.Said);
        Assert.Contains("logs/web", _descriptors.Keys);
    }

    [Fact]
    public void To_look_for_one_ends_no_other()
    {
        using var listener = Listen();
        _descriptors.Tell("activated/0", listener.Server.SafeHandle);
        Assert.Null(_sockets.Find("http://a", new(IPAddress.Loopback, 1)));
        using var client = new TcpClient();
        client.Connect(Address(listener));
        using var accepted = listener.AcceptTcpClient();
        Assert.True(accepted.Connected);
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static IPEndPoint Address(TcpListener listener) => (IPEndPoint)listener.LocalEndpoint;
}
