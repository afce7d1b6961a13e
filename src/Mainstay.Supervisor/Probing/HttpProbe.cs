using System.Buffers;
using System.Net.Sockets;
using System.Text;

namespace Mainstay.Supervisor.Probing;

/// <summary>
/// Well when a GET over HTTP/1.1 is answered with 2xx. A connection of its own each time, no redirects, no cookies, no proxy;
/// reads the head (16 KiB at most) and a little of the body, so that the app sees a client that listened.
/// </summary>
internal sealed class HttpProbe(int port, string path, TimeProvider time) : TimedProbe(time)
{
    private const int MostHead = 16 * 1024;
    private const int MostBody = 64 * 1024;
    private static readonly TimeSpan Politeness = TimeSpan.FromMilliseconds(50);
    private readonly TimeProvider _time = time;

    private readonly byte[] _request = Encoding.UTF8.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: mainstay-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n");

    protected override string Question => $"GET {path}";

    protected override async Task<ProbeResult> AskAsync(CancellationToken cancel)
    {
        using var socket = await LoopbackConnection.OpenAsync(port, cancel);
        for (var sent = 0; sent < _request.Length;)
            sent += await socket.SendAsync(_request.AsMemory(sent), cancel);
        var buffer = ArrayPool<byte>.Shared.Rent(MostHead);
        try
        {
            var status = await ReadStatusAsync(socket, buffer.AsMemory(0, MostHead), cancel);
            if (status is null)
                return ProbeResult.Bad($"{Question} was not answered with HTTP");
            await ListenAWhileAsync(socket, buffer, cancel);
            return status is >= 200 and < 300 ? ProbeResult.Well : ProbeResult.Bad($"{Question} answered {status}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The final status; heads of 1xx are passed over. Null: not HTTP, or it ended too early.</summary>
    private static async Task<int?> ReadStatusAsync(Socket socket, Memory<byte> buffer, CancellationToken cancel)
    {
        var filled = 0;
        while (filled < buffer.Length)
        {
            var read = await socket.ReceiveAsync(buffer[filled..], cancel);
            if (read == 0)
                return null;
            filled += read;
            while (AnswerHead.TryRead(buffer.Span[..filled], out var status, out var length))
            {
                if (status is null or >= 200)
                    return status;
                buffer[length..filled].CopyTo(buffer);
                filled -= length;
            }
        }
        return null;
    }

    private async Task ListenAWhileAsync(Socket socket, byte[] buffer, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Politeness, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            for (var total = 0; total < MostBody;)
            {
                var read = await socket.ReceiveAsync(buffer, both.Token);
                if (read == 0)
                    return;
                total += read;
            }
        }
        catch (Exception ending) when (ending is OperationCanceledException or SocketException)
        {
            // The answer is known already; how the connection ends does not matter.
        }
    }
}
