using System.Net;
using Mainstay.Prove.Load;

namespace Mainstay.Prove.Tests.Load;

public sealed class LoadTargetTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080/x", "127.0.0.1:8080", "127.0.0.1:8080")]
    [InlineData("http://127.1.2.3/", "127.1.2.3:80", "127.1.2.3")]
    [InlineData("http://localhost:3000", "127.0.0.1:3000", "localhost:3000")]
    [InlineData("http://shop.localhost:3000", "127.0.0.1:3000", "shop.localhost:3000")]
    [InlineData("http://[::1]:3000", "[::1]:3000", "[::1]:3000")]
    public void Loopback_is_a_target(string url, string address, string host)
    {
        var target = LoadTarget.Parse(new(url), out _);
        Assert.Equal((address, host), (target!.Address.ToString(), target.Host));
    }

    [Theory]
    [InlineData("http://10.0.0.1/", "load is sent to this machine only, never to others: 10.0.0.1 is not a loopback address")]
    [InlineData("http://example.com:8080/", "load is sent to this machine only, never to others: example.com:8080 is not a loopback address")]
    [InlineData("http://localhost.example.com/", "load is sent to this machine only, never to others: localhost.example.com is not a loopback address")]
    [InlineData("http://0.0.0.0:1/", "load is sent to this machine only, never to others: 0.0.0.0:1 is not a loopback address")]
    [InlineData("https://127.0.0.1:1/x", "load speaks no TLS: give the http address behind it instead of https://127.0.0.1:1")]
    [InlineData("ftp://127.0.0.1/", "'ftp://127.0.0.1/' is not an http URL")]
    public void Nothing_else_is(string url, string reason)
    {
        Assert.Null(LoadTarget.Parse(new(url), out var said));
        Assert.Equal(reason, said);
    }

    [Fact]
    public void No_address_beyond_loopback_becomes_one() => Assert.Throws<ArgumentException>(() => LoadTarget.Of(new(IPAddress.Parse("192.168.0.1"), 80)));
}
