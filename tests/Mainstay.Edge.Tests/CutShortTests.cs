using System.Net;
using Mainstay.Edge.Tests.Listening;
using Mainstay.Manifest.Model;

namespace Mainstay.Edge.Tests;

/// <summary>Clients that leave a healthy service no time: they hear that it was late, and nobody else does.</summary>
public sealed class CutShortTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <summary>What the service takes for each request.</summary>
    private static readonly TimeSpan Work = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RouteTimeout = TimeSpan.FromSeconds(2);

    private static readonly RouteSpec AtMost = Specs.Route() with { Timeout = RouteTimeout };

    [Fact]
    public Task By_asking_for_a_shorter_time() => AssertHarmlessAsync((client, uri) =>
    {
        var request = new HttpRequestMessage(HttpMethod.Get, uri);
        request.Headers.TryAddWithoutValidation("grpc-timeout", "20m");
        return client.SendAsync(request);
    });

    /// <summary>The edge waits for bodies of so few bytes before it asks the service.</summary>
    [Fact]
    public Task By_sending_the_end_of_a_small_body_just_before_the_time_is_over() => AssertHarmlessAsync((client, uri) => client.PostAsync(uri, new LateContent(1_000, isDeclared: true)));

    [Fact]
    public Task By_sending_the_end_of_a_body_of_unknown_length_just_before_the_time_is_over() => AssertHarmlessAsync((client, uri) => client.PostAsync(uri, new LateContent(1_000, isDeclared: false)));

    /// <summary>The other way round: a service that takes longer than half of what it may is told so.</summary>
    [Fact]
    public async Task A_service_that_had_its_time_is_not_asked_for_ever()
    {
        await using var upstream = await RunningEdge.StartAsync(RunningEdge.HangAsync);
        await using var edge = await RunningEdge.ForwardToAsync(upstream, AtMost);
        using var client = RunningEdge.Http2();
        // The breaker opens after 5 s, for one: the last is sent in the middle of it.
        var statuses = await AskOftenAsync(edge, uri => client.GetAsync(uri), times: 55);
        Assert.Equal(HttpStatusCode.GatewayTimeout, statuses[0]);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, statuses[^1]);
    }

    private static async Task AssertHarmlessAsync(Func<HttpClient, Uri, Task<HttpResponseMessage>> ask)
    {
        await using var upstream = await RunningEdge.StartAsync(async exchange =>
        {
            await Http1RequestTests.ReadAsync(exchange.RequestBody);
            await Task.Delay(Work, TimeProvider.System);
            await RunningEdge.SayAsync(exchange, "done");
        });
        await using var edge = await RunningEdge.ForwardToAsync(upstream, AtMost);
        using var client = RunningEdge.Http2();
        var statuses = await AskOftenAsync(edge, uri => ask(client, uri));
        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.GatewayTimeout, status));
        using var answer = await client.GetAsync(edge.Status().Listen[0]).WaitAsync(Deadline);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>More often than a breaker bears, and for longer than the 3 s that failures in a row must span.</summary>
    private static async Task<HttpStatusCode[]> AskOftenAsync(EdgeServer edge, Func<Uri, Task<HttpResponseMessage>> ask, int times = 40)
    {
        var asked = new List<Task<HttpStatusCode>>();
        for (var sent = 0; sent < times; sent++)
        {
            asked.Add(StatusAsync());
            await Task.Delay(TimeSpan.FromSeconds(0.1), TimeProvider.System);
        }
        return await Task.WhenAll(asked).WaitAsync(Deadline);

        async Task<HttpStatusCode> StatusAsync()
        {
            using var answer = await ask(new Uri(edge.Status().Listen[0]));
            return answer.StatusCode;
        }
    }

    /// <summary>Sends its last byte when less of the route's time is left than the service takes.</summary>
    private sealed class LateContent(int length, bool isDeclared) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[length - 1]);
            await stream.FlushAsync();
            await Task.Delay(RouteTimeout - (0.8 * Work), TimeProvider.System);
            await stream.WriteAsync(new byte[1]);
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return isDeclared;
        }
    }
}
