using System.Net;
using System.Text;
using Mainstay.Contracts.Traffic;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Tests.Listening;
using Mainstay.Manifest.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mainstay.Edge.Tests;

/// <summary>The edge as a whole: a client in front, and another edge with a step of the test's as the upstream behind.</summary>
public sealed class ForwardingThroughTests
{
    [Theory]
    [InlineData(UpstreamProtocol.Http, 11)]
    [InlineData(UpstreamProtocol.Http, 20)]
    [InlineData(UpstreamProtocol.H2c, 11)]
    [InlineData(UpstreamProtocol.H2c, 20)]
    public async Task A_request_goes_through_and_its_answer_comes_back(UpstreamProtocol protocol, int version)
    {
        await using var upstream = await RunningEdge.StartAsync(async exchange =>
        {
            var body = await Http1RequestTests.ReadAsync(exchange.RequestBody);
            var request = exchange.Request;
            await RunningEdge.SayAsync(exchange, $"{request.Method} {request.Target} {request.Version} {request.Host} {body} {request.Headers.Text(HeaderId.MainstayTimeoutMs) is not null}");
        });
        await using var edge = new EdgeServer(TimeProvider.System, NullLoggerFactory.Instance, 1);
        await edge.StartAsync(Specs.Manifest(services: [Specs.Service(protocol: protocol)]), default);
        edge.Traffic.Admit(new ReplicaEndpoint("web", "web-1", 1, upstream.Port));
        using var client = new HttpClient();
        for (var i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, $"{edge.Status().Listen[0]}/a?b=c")
            {
                Version = new(version / 10, version % 10),
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new StringContent("hello", Encoding.UTF8),
            };
            request.Headers.Host = "shop.example";
            using var answer = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            // The upstream strips the deadline again: this edge is a stranger to it.
            Assert.Equal($"PUT /a?b=c {(protocol == UpstreamProtocol.H2c ? 20 : 11)} shop.example hello False", await answer.Content.ReadAsStringAsync());
        }
        Assert.Equal(3, edge.Status().Requests);
    }

    [Fact]
    public async Task With_no_replica_at_all_a_request_waits_no_longer_than_its_deadline()
    {
        await using var edge = new EdgeServer(TimeProvider.System, NullLoggerFactory.Instance, 1);
        await edge.StartAsync(Specs.Manifest(routes: [Specs.Route() with { Timeout = TimeSpan.FromMilliseconds(200) }]), default);
        using var client = new HttpClient();
        using var answer = await client.GetAsync(edge.Status().Listen[0]);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(answer.Headers.RetryAfter);
    }
}
