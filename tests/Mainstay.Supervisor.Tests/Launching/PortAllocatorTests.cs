using System.Net;
using System.Net.Sockets;
using Mainstay.Contracts.Launching;
using Mainstay.Supervisor.Launching;

namespace Mainstay.Supervisor.Tests.Launching;

public sealed class PortAllocatorTests
{
    private static readonly PortRange Range = new(23_400, 23_409);

    [Theory]
    [InlineData("32768\t60999\n", 20_000, 32_767)]
    [InlineData("10000 65535", 1024, 9_999)]
    [InlineData("1024 40000", 40_001, 52_768)]
    [InlineData("1024 65535", 20_000, 32_767)]
    [InlineData("nonsense", 20_000, 32_767)]
    public void Stays_beside_the_ports_of_outgoing_connections(string ephemeral, int first, int last) =>
        Assert.Equal(new PortRange(first, last), PortRange.Beside(ephemeral));

    [Fact]
    public async Task Gives_no_port_twice_to_many_at_once()
    {
        var ports = new PortAllocator(PortRange.OfThisMachine(), seed: 7);
        var reserved = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(ports.Reserve)));
        Assert.Equal(200, reserved.Select(port => port.Port).Distinct().Count());
        Assert.All(reserved, port => Assert.True(PortRange.OfThisMachine().Contains(port.Port)));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public void Skips_a_port_that_someone_listens_on(string address)
    {
        using var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Assert.Equal("no free port between " + $"{port} and {port}: end what listens there",
            Assert.Throws<LaunchException>(() => new PortAllocator(new PortRange(port, port), seed: 0).Reserve()).Message);
    }

    [Fact]
    public void A_port_given_back_comes_round_last_and_giving_it_back_twice_changes_nothing()
    {
        var ports = new PortAllocator(Range, seed: 1);
        var first = ports.Reserve();
        first.Dispose();
        first.Dispose();
        var next = ports.Reserve();
        Assert.NotEqual(first.Port, next.Port);
    }

    [Fact]
    public void An_avoided_port_is_the_last_resort()
    {
        var free = new List<int>();
        var all = new PortAllocator(Range, seed: 1);
        try
        {
            while (true)
                free.Add(all.Reserve().Port);
        }
        catch (LaunchException)
        {
        }

        var ports = new PortAllocator(Range, seed: 1);
        ports.Avoid(free[0]);
        var given = free.Select(_ => ports.Reserve().Port).ToList();
        Assert.Equal(free[0], given[^1]);
    }
}
