using Mainstay.Edge.Degrading;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Identifying;
using Mainstay.Edge.RateLimiting;
using Mainstay.Edge.Routing;
using Microsoft.Extensions.Logging;

namespace Mainstay.Edge;

/// <summary>Walks a request through the steps, and answers for whatever they let through.</summary>
/// <param name="forward">The last step: gets an answer from an upstream and sends it.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">For what nobody foresaw.</param>
internal sealed class RequestPipeline(Func<Exchange, ValueTask> forward, TimeProvider time, ILogger logger)
{
    private readonly IdentifyStep _identify = new(new RequestIds());
    private Settings _settings = new(TrustedProxies.None, RouteTable.Empty);
    private long _requests;
    private long _completed;

    /// <summary>Requests taken since the start.</summary>
    public long Requests => Volatile.Read(ref _requests);

    /// <summary>Requests ended since the start, one way or the other.</summary>
    public long Completed => Volatile.Read(ref _completed);

    /// <summary>Requests and tunnels under way now.</summary>
    public int InFlight => (int)(Requests - Completed);

    /// <summary>Requests that come from now on see the new settings; those under way keep theirs.</summary>
    public void Apply(TrustedProxies proxies, RouteTable routes) => Volatile.Write(ref _settings, new(proxies, routes));

    /// <summary>Never faults: the server in front has nothing to do but to send what was answered.</summary>
    public async ValueTask HandleAsync(Exchange exchange)
    {
        Interlocked.Increment(ref _requests);
        try
        {
            var settings = Volatile.Read(ref _settings);
            _identify.Identify(exchange, settings.Proxies);
            if (await RoutingStep.RouteAsync(exchange, settings.Routes) && await RateLimitStep.LimitAsync(exchange, time))
                await forward(exchange);
        }
        catch (Exception error)
        {
            await EndAsync(exchange, error);
        }
        finally
        {
            Interlocked.Increment(ref _completed);
        }
    }

    private async ValueTask EndAsync(Exchange exchange, Exception error)
    {
        try
        {
            if (exchange.ClientGone.IsCancellationRequested)
                exchange.Abort();
            else if (error is BodyTooLargeException large)
                await ProblemAnswer.WriteAsync(exchange, 413, $"The body is larger than {large.Limit} bytes.");
            else
            {
                logger.Unexpected(exchange.Facts.RequestId, error);
                await Degrade.AnswerAsync(exchange, 500, "Something went wrong inside the edge; the request id finds it in the log.");
            }
        }
        catch (Exception second) when (second is IOException or OperationCanceledException or InvalidOperationException)
        {
            // Nobody is left to be answered, or what was begun cannot be ended.
            exchange.Abort();
        }
    }

    private sealed record Settings(TrustedProxies Proxies, RouteTable Routes);
}
