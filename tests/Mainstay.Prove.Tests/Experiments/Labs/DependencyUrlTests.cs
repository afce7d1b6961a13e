using System.Net;
using Mainstay.Prove.Experiments.Labs;

namespace Mainstay.Prove.Tests.Experiments.Labs;

public sealed class DependencyUrlTests
{
    [Theory]
    [InlineData("postgres://shop:p%40ss@127.0.0.1:5433/shop?sslmode=off", "127.0.0.1:5433")]
    [InlineData("postgres://shop@127.0.0.1/shop", "127.0.0.1:5432")]
    [InlineData("http://127.0.0.1:19101", "127.0.0.1:19101")]
    [InlineData("redis://[::1]:7000/0", "[::1]:7000")]
    [InlineData("amqp://127.0.0.1/%2f", "127.0.0.1:5672")]
    public void Host_and_port_are_read(string url, string expected) =>
        Assert.Equal(IPEndPoint.Parse(expected), DependencyUrl.EndPointOf(url));

    [Fact]
    public void A_name_stays_a_name() => Assert.Equal(new DnsEndPoint("localhost", 6379), DependencyUrl.EndPointOf("redis://localhost"));

    [Theory]
    [InlineData("sqlite:shop.db")]
    [InlineData("queue://host-without-a-usual-port")]
    [InlineData("http://127.0.0.1:70000")]
    [InlineData("file:///var/shop")]
    [InlineData("")]
    public void What_names_no_host_and_port_is_not_connected_to(string url) => Assert.Null(DependencyUrl.EndPointOf(url));

    [Theory]
    [InlineData("postgres://shop:a@b@127.0.0.1:5433/shop?x=/y@z", "postgres://shop:a@b@127.0.0.1:41000/shop?x=/y@z")]
    [InlineData("redis://localhost:6379", "redis://localhost:41000")]
    [InlineData("http://[::1]:80/a", "http://127.0.0.1:41000/a")]
    [InlineData("http://10.0.0.7", "http://127.0.0.1:41000")]
    public void The_rest_of_a_url_is_not_touched(string url, string expected) => Assert.Equal(expected, DependencyUrl.Through(url, 41000));
}
