using Mainstay.Edge.Exchanges;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Mainstay.Edge.Listening;

/// <summary>Kestrel's side of the wall: makes an exchange of each request and sends it through the steps.</summary>
internal sealed class ExchangeApplication(Func<Exchange, ValueTask> steps, ListenerState listener, TimeProvider time) : IHttpApplication<KestrelExchange>
{
    public KestrelExchange CreateContext(IFeatureCollection contextFeatures)
    {
        KestrelExchange exchange;
        if (contextFeatures is IHostContextContainer<KestrelExchange> container)
            exchange = container.HostContext ??= new(contextFeatures, listener, time);
        else
            exchange = new(contextFeatures, listener, time);
        exchange.Begin(time.GetTimestamp());
        return exchange;
    }

    public async Task ProcessRequestAsync(KestrelExchange context)
    {
        await steps(context);
        // Kestrel would look for another request otherwise.
        if (context.IsLast)
            throw new BadHttpRequestException("The client has gone.");
    }

    public void DisposeContext(KestrelExchange context, Exception? exception)
    {
        // Reused for the connection's next request.
    }
}
