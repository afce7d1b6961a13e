using System.Collections.Concurrent;
using Mainstay.Prove.Load;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Tests.Load.Http1;

/// <summary>Requests that carry a number of their own.</summary>
public sealed class NumbersTests
{
    [Fact]
    public async Task Each_request_carries_the_next_number()
    {
        var heads = new ConcurrentQueue<string>();
        using var server = RawServer.Serving(client =>
        {
            while (client.ReadHead() is { } head)
            {
                heads.Enqueue(head);
                client.Write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        });
        var samples = await Loads.FewAsync(server.Port, 12, new("POST", "/") { NumberHeader = "Order-Id", Headers = [new("A", "b")] }, connections: 4);
        Assert.All(samples, sample => Assert.Equal(Fate.Answered, sample.Fate));
        var numbers = heads.Select(head => head.Split("\r\n").Single(line => line.StartsWith("Order-Id: ", StringComparison.Ordinal))["Order-Id: ".Length..]).Order(StringComparer.Ordinal);
        Assert.Equal(Enumerable.Range(1, 12).Select(number => $"{number:000000000000}"), numbers);
        Assert.All(heads, head => Assert.Contains("\r\nContent-Length: 0\r\n", head, StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_HTTP_2_they_are_refused_instead_of_left_out()
    {
        var plan = Loads.Plan(1, 1, 1, new StreamSpec("GET", "/") { NumberHeader = "Order-Id" }) with { Http2 = true };
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => Loads.RunAsync(plan));
        Assert.StartsWith("requests are numbered with HTTP/1.1 only", refused.Message, StringComparison.Ordinal);
    }
}
