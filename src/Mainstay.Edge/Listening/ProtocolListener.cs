using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Mainstay.Edge.Listening;

/// <summary>Gives Kestrel the connections of a shared port that turned out to speak one protocol.</summary>
internal sealed class ProtocolListener(EndPoint endPoint) : IConnectionListener
{
    // Hands over on the thread pool: the peeking side must never run a connection's first request.
    private readonly Channel<ConnectionContext> _arrivals = Channel.CreateUnbounded<ConnectionContext>(new() { SingleReader = true });

    public EndPoint EndPoint { get; } = endPoint;

    /// <summary>False once closed: the connection is still the caller's.</summary>
    public bool TryHandOver(ConnectionContext connection) => _arrivals.Writer.TryWrite(connection);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (await _arrivals.Reader.WaitToReadAsync(cancellationToken))
        {
            if (_arrivals.Reader.TryRead(out var connection))
                return connection;
        }
        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _arrivals.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        while (_arrivals.Reader.TryRead(out var connection))
            await connection.DisposeAsync();
    }
}
