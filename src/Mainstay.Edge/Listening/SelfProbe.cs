using System.Net;
using System.Net.Sockets;

namespace Mainstay.Edge.Listening;

/// <summary>
/// Asks a listener of ours, through the network as a client would, for something that the edge answers by itself whatever the manifest says.
/// That is CONNECT: refused with 501 by routing, after the connection was accepted, told apart, parsed and sent through the steps, and
/// never led to an upstream. So no path is taken from the application, and nobody learns or gains anything by asking the same.
/// </summary>
internal static class SelfProbe
{
    public enum Outcome
    {
        /// <summary>Not reached, broken off, or answered by something else.</summary>
        Nothing,

        /// <summary>The gate refused it, because so many connections are open: the edge is full, not dead.</summary>
        Full,

        Answered,
    }

    private static readonly byte[] Request = "CONNECT mainstay:1 HTTP/1.1\r\nHost: mainstay:1\r\nConnection: close\r\n\r\n"u8.ToArray();

    /// <summary>Ends by <paramref name="cancel"/> if nothing comes.</summary>
    public static async Task<Outcome> AskAsync(IPEndPoint listener, ConnectionGate gate, CancellationToken cancel)
    {
        var refused = gate.Refused;
        try
        {
            using var socket = new Socket(listener.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(Reachable(listener), cancel);
            await socket.SendAsync(Request, cancel);
            var answer = new byte[32];
            var got = 0;
            while (got < StatusLine.Length)
            {
                var read = await socket.ReceiveAsync(answer.AsMemory(got), cancel);
                if (read == 0)
                    return Unanswered();
                got += read;
            }
            return answer.AsSpan().StartsWith(StatusLine) ? Outcome.Answered : Outcome.Nothing;
        }
        catch (SocketException)
        {
            return Unanswered();
        }

        Outcome Unanswered() => gate.Refused == refused ? Outcome.Nothing : Outcome.Full;
    }

    private static ReadOnlySpan<byte> StatusLine => "HTTP/1.1 501"u8;

    /// <summary>"Any address" is none that can be connected to.</summary>
    private static IPEndPoint Reachable(IPEndPoint listener) =>
        listener.Address.Equals(IPAddress.Any) ? new(IPAddress.Loopback, listener.Port)
        : listener.Address.Equals(IPAddress.IPv6Any) ? new(IPAddress.IPv6Loopback, listener.Port)
        : listener;
}
