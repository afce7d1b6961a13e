using System.Net;
using System.Net.Sockets;
using Mainstay.Cli.Keeping;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Cli.Tests.Keeping;

public sealed class SocketNameTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("::1")]
    [InlineData("::")]
    public void A_TCP_socket_is_known_by_address_and_port(string address)
    {
        if (address.Contains(':') && !Socket.OSSupportsIPv6)
            return;
        using var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start();
        Assert.Equal(listener.LocalEndpoint, SocketName.Of((int)listener.Server.Handle));
    }

    [Fact]
    public void A_Unix_socket_has_no_such_name()
    {
        var path = Path.Combine(Path.GetTempPath(), $"mainstay-test-{Guid.NewGuid():N}");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        Assert.Null(SocketName.Of((int)socket.Handle));
        File.Delete(path);
    }

    [Fact]
    public void A_file_and_a_number_that_is_none_have_no_name()
    {
        using var file = File.OpenHandle("/dev/null");
        Assert.Null(SocketName.Of((int)file.DangerousGetHandle()));
        Assert.Null(SocketName.Of(-1));
        Assert.Null(SocketName.Of(int.MaxValue));
    }

    [Fact]
    public void To_ask_leaves_the_descriptor_as_it_is()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var borrowed = new SafeFileHandle(listener.Server.Handle, ownsHandle: false);
        for (var i = 0; i < 10; i++)
            _ = SocketName.Of((int)borrowed.DangerousGetHandle());
        using var client = new TcpClient();
        client.Connect((IPEndPoint)listener.LocalEndpoint);
        Assert.True(client.Connected);
    }

    [Fact]
    public void What_does_not_listen_has_no_name_to_listen_by()
    {
        using var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        datagrams.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient(AddressFamily.InterNetwork);
        client.Connect((IPEndPoint)listener.LocalEndpoint);
        using var connected = listener.AcceptSocket();

        Assert.Null(SocketName.Of((int)datagrams.Handle));
        Assert.Null(SocketName.Of((int)connected.Handle));
    }
}
