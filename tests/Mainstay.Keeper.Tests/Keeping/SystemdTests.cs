using Mainstay.Keeper.Keeping;

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
        Assert.Empty(new Systemd(name => name switch { "LISTEN_PID" => "1", "LISTEN_FDS" => "2", _ => null }).Sockets());

    private static Systemd At(string? address) => new(name => name == "NOTIFY_SOCKET" ? address : null);
}
