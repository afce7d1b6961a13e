using Mainstay.Edge.Tests.Fakes;

namespace Mainstay.Edge.Tests.Balancing;

/// <summary>A replica that gets nothing, because its peer is the better choice, is asked now and then whether it still answers.</summary>
public sealed class NeglectTests : IAsyncLifetime
{
    private readonly ForwardingBench _bench = new();
    private readonly List<Task> _sent = [];
    private ReplicaInMemory _neglected = null!;

    public async ValueTask InitializeAsync()
    {
        _bench.Admit(1, ReplicaInMemory.Answering("ok"));
        _neglected = _bench.Admit(2, new ReplicaInMemory(async (attempt, cancel) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), _bench.Time, cancel);
            await ReplicaInMemory.Answer(attempt, 200, "ok");
        }));
        _bench.Time.Advance(TimeSpan.FromSeconds(30));
        await SendAsync(2);
    }

    [Fact]
    public async Task Twice_a_second()
    {
        var before = _neglected.Attempts;
        await SendAsync(5);
        Assert.InRange(_neglected.Attempts - before, 8, 11);
    }

    [Fact]
    public async Task By_one_request_until_that_is_answered()
    {
        _neglected.Script = ReplicaInMemory.Hang;
        var before = _neglected.Attempts;
        await SendAsync(0.98);
        Assert.Equal(before + 1, _neglected.Attempts);
        await SendAsync(2);
        await _bench.UntilAsync(Task.WhenAll(_sent), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Not_by_one_that_could_not_be_made_elsewhere()
    {
        _bench.Route = _bench.Route with { Retries = 0 };
        var before = _neglected.Attempts;
        await SendAsync(3);
        Assert.Equal(before, _neglected.Attempts);
    }

    [Fact]
    public async Task Not_again_after_a_client_has_left_it_unanswered()
    {
        _neglected.Script = ReplicaInMemory.Hang;
        var before = _neglected.Attempts;
        for (var i = 0; i < 10; i++)
        {
            var exchange = _bench.Request();
            var sending = _bench.SendAsync(exchange);
            await Task.WhenAny(sending, Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System));
            _bench.Time.Advance(TimeSpan.FromSeconds(0.8));
            exchange.Leave();
            await sending.WaitAsync(TimeSpan.FromSeconds(20));
        }
        Assert.Equal(before + 1, _neglected.Attempts);
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    private Task SendAsync(double seconds) => _bench.SendSteadilyAsync(seconds, _sent);
}
