using System.Net;
using System.Net.Sockets;
using System.Text;
using Mainstay.Prove.Experiments.Planning;

namespace Mainstay.Prove.Experiments.Observing;

/// <summary>A client of its own kind: connects, asks, and tries again until somebody answers.</summary>
internal static class AnswerProbe
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>True as soon as the first bytes of an answer come.</summary>
    public static async Task<bool> AnsweredAsync(IPEndPoint edge, Exercised exercised, TimeSpan patience, TimeProvider time, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        var aim = exercised.AimAt(edge);
        // HEAD: whatever the route does, this changes nothing.
        var head = Encoding.ASCII.GetBytes($"HEAD {aim.Path} HTTP/1.1\r\nHost: {aim.Host}\r\nConnection: close\r\n\r\n");
        var buffer = new byte[256];
        while (!both.IsCancellationRequested)
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(edge, both.Token);
                await socket.SendAsync(head, both.Token);
                if (await socket.ReceiveAsync(buffer, both.Token) > 0)
                    return true;
                await Task.Delay(Pause, time, both.Token);
            }
            catch (SocketException)
            {
                // The next one.
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }
        cancel.ThrowIfCancellationRequested();
        return false;
    }
}
