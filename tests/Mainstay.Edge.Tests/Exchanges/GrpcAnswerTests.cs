using Mainstay.Edge.Degrading;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Routing;

namespace Mainstay.Edge.Tests.Exchanges;

public sealed class GrpcAnswerTests
{
    [Theory]
    [InlineData(400, 13)]
    [InlineData(404, 12)]
    [InlineData(405, 12)]
    [InlineData(413, 8)]
    [InlineData(429, 8)]
    [InlineData(500, 13)]
    [InlineData(501, 12)]
    [InlineData(502, 14)]
    [InlineData(503, 14)]
    [InlineData(504, 4)]
    public async Task An_error_is_a_head_with_status_200_and_the_grpc_status(int status, int grpc)
    {
        using var exchange = Call();
        await ProblemAnswer.WriteAsync(exchange, status, "It is so.", TimeSpan.FromSeconds(2));
        Assert.Equal("", await exchange.ReadAnswerAsync());
        Assert.Equal(
            ["Cache-Control: no-store", "Content-Type: application/grpc", "Retry-After: 2", "X-Request-Id: r1", "grpc-message: It is so.", $"grpc-status: {grpc}"],
            Fields(exchange));
        Assert.Equal(200, exchange.Answer.Status);
    }

    [Fact]
    public async Task The_message_is_percent_encoded()
    {
        using var exchange = Call();
        await ProblemAnswer.WriteAsync(exchange, 405, "100 % zu groß\n");
        Assert.Contains("grpc-message: 100 %25 zu gro%C3%9F%0A", Fields(exchange));
    }

    [Theory]
    [InlineData("application/grpc", true)]
    [InlineData("Application/gRPC+proto", true)]
    [InlineData("application/grpc; charset=utf-8", true)]
    [InlineData("application/grpc-web+proto", true)]
    [InlineData("application/grpcx", false)]
    [InlineData("application/json", false)]
    [InlineData("", false)]
    public async Task Only_gRPC_calls_get_it_in_the_type_that_they_sent(string type, bool wanted)
    {
        using var exchange = Call(type);
        await ProblemAnswer.WriteAsync(exchange, 503, "No.");
        Assert.Equal(wanted ? type : "application/problem+json", exchange.Answer.Headers.Text(HeaderId.ContentType));
        Assert.Equal(wanted ? 200 : 503, exchange.Answer.Status);
    }

    [Fact]
    public async Task A_fallback_is_no_message_of_the_service_and_stays_out()
    {
        using var exchange = Call();
        exchange.Facts.Route = new Route(Specs.Route(), null) { Fallback = new Fallback(200, "{}"u8.ToArray(), "application/json") };
        await Degrade.AnswerAsync(exchange, 503, "No.");
        Assert.Contains("grpc-status: 14", Fields(exchange));
        Assert.DoesNotContain("Mainstay-Degraded: fallback", Fields(exchange));
    }

    [Fact]
    public async Task On_HTTP_1_it_has_a_length_of_zero()
    {
        using var exchange = Call("application/grpc-web", version: 11);
        await ProblemAnswer.WriteAsync(exchange, 503, "No.");
        Assert.Contains("Content-Length: 0", Fields(exchange));
    }

    private static MemoryExchange Call(string type = "application/grpc", int version = 20)
    {
        var exchange = new MemoryExchange("POST", "/shop.Orders/Get", version: version);
        exchange.Facts.RequestId = "r1";
        if (type.Length > 0)
            exchange.Request.Headers.Add(HeaderId.ContentType, type);
        return exchange;
    }

    private static IEnumerable<string> Fields(MemoryExchange exchange)
    {
        var headers = exchange.Answer.Headers;
        return Enumerable.Range(0, headers.Count).Select(i => $"{headers.NameText(i)}: {headers.ValueText(i)}").Order(StringComparer.Ordinal);
    }
}
