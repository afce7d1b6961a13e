using Mainstay.Cli.Notifying;
using Mainstay.Cli.Tests.State;

namespace Mainstay.Cli.Tests.Notifying;

public sealed class NotifySocketTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Assignments_arrive_in_one_datagram()
    {
        var address = Path.Combine(_folder.Path, "notify");
        using var manager = new ManagerSocket(address);
        using var socket = NotifySocket.Open(_ => address)!;
        Assert.True(socket.Send("READY=1", "STATUS=grün"));
        Assert.Equal("READY=1\nSTATUS=grün", manager.Receive());
    }

    [Fact]
    public void An_abstract_name_is_one_behind_an_at_sign()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("only Linux has abstract names");
        var address = "@mainstay-test/" + Path.GetFileName(_folder.Path);
        using var manager = new ManagerSocket(address);
        using var socket = NotifySocket.Open(_ => address)!;
        Assert.True(socket.Send("WATCHDOG=1"));
        Assert.Equal("WATCHDOG=1", manager.Receive());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("relative")]
    [InlineData("vsock:2:1234")]
    public void Without_a_socket_there_is_nobody_to_tell(string? address) => Assert.Null(NotifySocket.Open(_ => address));

    [Fact]
    public void Too_long_a_name_is_nobody() => Assert.Null(NotifySocket.Open(_ => "/" + new string('x', 200)));

    [Fact]
    public void Nobody_at_the_other_end_hurts_nobody()
    {
        using var socket = NotifySocket.Open(_ => Path.Combine(_folder.Path, "nobody"))!;
        Assert.False(socket.Send("READY=1"));
    }

    [Fact]
    public void A_manager_that_does_not_read_holds_nobody_up()
    {
        var address = Path.Combine(_folder.Path, "notify");
        using var manager = new ManagerSocket(address);
        using var socket = NotifySocket.Open(_ => address)!;
        var sent = 0;
        while (sent < 100_000 && socket.Send("WATCHDOG=1"))
            sent++;
        Assert.InRange(sent, 1, 99_999);
    }
}
