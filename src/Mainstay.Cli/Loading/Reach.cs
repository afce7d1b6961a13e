using System.Net;
using System.Net.Sockets;
using Mainstay.Cli.State;
using Mainstay.Prove.Load;

namespace Mainstay.Cli.Loading;

/// <summary>Whether somebody listens, before thousands of requests find out that nobody does.</summary>
internal static class Reach
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>The target as it can be reached: localhost is the one or the other loopback address.</summary>
    /// <exception cref="CommandFailure">Nobody accepts connections there.</exception>
    public static async Task<LoadTarget> FindAsync(LoadTarget target, TimeProvider time)
    {
        var reason = await TryAsync(target.Address, time);
        if (reason is null)
            return target;
        if (target.IsByName)
        {
            var other = LoadTarget.Of(new(IPAddress.IPv6Loopback, target.Address.Port), target.Host);
            if (await TryAsync(other.Address, time) is null)
                return other;
        }
        throw CommandFailure.Usage($"nothing accepts connections at {target.Address} ({reason}): nothing was sent; start the server, or mend the URL");
    }

    /// <summary>Null: somebody is there.</summary>
    private static async Task<string?> TryAsync(IPEndPoint address, TimeProvider time)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(address, limit.Token);
            return null;
        }
        catch (SocketException failed)
        {
            return failed.SocketErrorCode == SocketError.ConnectionRefused ? "connection refused" : failed.Message;
        }
        catch (OperationCanceledException)
        {
            return $"not within {Limit.TotalSeconds:0} s";
        }
    }
}
