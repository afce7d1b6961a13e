using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Mainstay.Keeper.Keeping;
using Mainstay.Keeper.Platform;

namespace Mainstay.Keeper.Tests.Keeping;

public sealed class SystemdTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mainstay-notify-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Words_arrive_in_one_datagram()
    {
        var address = Path.Combine(_folder, "notify");
        using var manager = new ManagerSocket(address);
        Assert.True(At(address).Notify("READY=1\nSTATUS=grün"));
        Assert.Equal("READY=1\nSTATUS=grün", manager.Receive());
    }

    [Fact]
    public void An_abstract_name_is_one_behind_an_at_sign()
    {
        var address = "@mainstay-test/" + Path.GetFileName(_folder);
        using var manager = new ManagerSocket(address);
        Assert.True(At(address).Notify("WATCHDOG=1"));
        Assert.Equal("WATCHDOG=1", manager.Receive());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("relative")]
    [InlineData("vsock:2:1234")]
    public void Without_a_socket_there_is_nobody_to_tell(string? address) => Assert.False(At(address).Notify("READY=1"));

    [Fact]
    public void Too_long_a_name_is_nobody() => Assert.False(At("/" + new string('x', 200)).Notify("READY=1"));

    [Fact]
    public void Nobody_at_the_other_end_hurts_nobody() => Assert.False(At(Path.Combine(_folder, "nobody")).Notify("READY=1"));

    [Fact]
    public void A_manager_that_does_not_read_holds_nobody_up()
    {
        var address = Path.Combine(_folder, "notify");
        using var manager = new ManagerSocket(address);
        var sent = 0;
        while (sent < 100_000 && At(address).Notify("WATCHDOG=1"))
            sent++;
        Assert.InRange(sent, 1, 99_999);
    }

    [Fact]
    public void Sockets_that_were_handed_to_another_process_are_not_ours() =>
        Assert.Empty(new Systemd(name => name switch { "LISTEN_PID" => "1", "LISTEN_FDS" => "2", _ => null }).Sockets(_ => { }));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("+300")]
    [InlineData(" 300")]
    [InlineData("0x100")]
    [InlineData("300 ")]
    [InlineData("2147483648")]
    [InlineData("99999999999999999999")]
    public void A_number_of_sockets_that_is_none_means_none(string? count)
    {
        using var listener = Listener();
        Assert.Empty(Numbers(count));
    }

    [Theory]
    [InlineData("256")]
    [InlineData("2147483647")]
    public void Of_more_descriptors_than_were_handed_over_only_listening_sockets_are_taken(string count)
    {
        using var listener = Listener();
        using var other = new TcpClient(AddressFamily.InterNetwork);
        using var file = File.OpenHandle("/dev/null");
        var taken = Numbers(count);
        Assert.Contains((int)listener.Server.Handle, taken);
        Assert.DoesNotContain((int)other.Client.Handle, taken);
        Assert.DoesNotContain((int)file.DangerousGetHandle(), taken);
        Assert.All(taken, descriptor => Assert.Null(Linux.WhyNotListening(descriptor)));
    }

    [Fact]
    public async Task What_nobody_can_connect_to_is_refused_in_one_line_that_names_it()
    {
        using var listener = Listener();
        using var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        datagrams.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var client = new TcpClient(AddressFamily.InterNetwork);
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using var connected = await listener.AcceptSocketAsync();
        using var local = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        local.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder, "local")));
        local.Listen();
        using var file = File.OpenHandle("/dev/null");
        var names = string.Join(':', Enumerable.Range(3, 253).Select(number => $"n{number}"));
        var refused = new List<string>();

        var taken = Numbers("256", refused.Add, names);

        Assert.Contains((int)listener.Server.Handle, taken);
        (int Descriptor, string Why)[] others =
        [
            ((int)datagrams.Handle, "is a datagram socket"), ((int)connected.Handle, "does not listen (one of a connection, by Accept=yes?)"),
            ((int)local.Handle, "is no TCP socket"), ((int)file.DangerousGetHandle(), "is no socket"),
        ];
        foreach (var (descriptor, why) in others)
        {
            Assert.DoesNotContain(descriptor, taken);
            Assert.Single(refused, $"descriptor {descriptor} (n{descriptor}) from systemd {why}; it is not used: listening stream sockets are (ListenStream=, Accept=no)");
        }
    }

    private static TcpListener Listener()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Assert.InRange((int)listener.Server.Handle, 3, 250);
        return listener;
    }

    /// <summary>What would be taken of this process; given back at once, as it is not ours to close.</summary>
    private static List<int> Numbers(string? count, Action<string>? refuse = null, string? names = null)
    {
        var numbers = new List<int>();
        var systemd = new Systemd(name => name switch { "LISTEN_PID" => Environment.ProcessId.ToString(CultureInfo.InvariantCulture), "LISTEN_FDS" => count, "LISTEN_FDNAMES" => names, _ => null });
        foreach (var socket in systemd.Sockets(refuse ?? (_ => { })))
        {
            numbers.Add((int)socket.DangerousGetHandle());
            socket.SetHandleAsInvalid();
        }

        return numbers;
    }

    private static Systemd At(string? address) => new(name => name == "NOTIFY_SOCKET" ? address : null);
}
