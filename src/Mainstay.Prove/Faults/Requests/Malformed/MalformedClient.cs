using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mainstay.Prove.Faults.Requests.Malformed;

/// <summary>Sends malformed requests, one connection each.</summary>
/// <param name="Server">On loopback.</param>
/// <param name="Aims">What the application behind it takes.</param>
/// <param name="Canary">A path that the upstream must never be asked for, such as <c>/canary-5f2a</c>.</param>
/// <param name="Limit">How long an answer, or a close, may take.</param>
internal sealed record MalformedClient(IPEndPoint Server, MalformedAims Aims, string Canary, TimeSpan Limit, TimeProvider Time)
{
    private const int MostAnswerBytes = 64 * 1024;

    /// <summary>At once: an answer is waited for, and then whether there is a second one.</summary>
    private const int Beside = 6;

    /// <summary>After an answer: how long a second one, or the close, is waited for.</summary>
    private static readonly TimeSpan Afterwards = TimeSpan.FromMilliseconds(200);

    /// <summary>All of them, a few beside one another; what came of each, in their order.</summary>
    public async Task<MalformedEvidence[]> SendAsync(ImmutableArray<MalformedRequest> requests, CancellationToken cancel)
    {
        using var places = new SemaphoreSlim(Beside);
        return await Task.WhenAll(requests.Select(async request =>
        {
            await places.WaitAsync(cancel);
            try
            {
                return await SendAsync(request, cancel);
            }
            finally
            {
                places.Release();
            }
        }));
    }

    public async Task<MalformedEvidence> SendAsync(MalformedRequest request, CancellationToken cancel)
    {
        using var socket = new Socket(Server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var start = Time.GetTimestamp();
        using var limit = new CancellationTokenSource(Limit, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            await socket.ConnectAsync(Server, either.Token);
        }
        catch (Exception failed) when (failed is SocketException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            return new(request, 0, 0, Hung: false, Unreachable: true, Time.GetElapsedTime(start));
        }
        // Sent beside the reading: a server may answer and stop reading long before the end.
        var sending = SendAsync(socket, request, either.Token);
        var answer = await ReadAsync(socket, either.Token);
        var elapsed = Time.GetElapsedTime(start);
        var hung = answer is null;
        var text = answer ?? "";
        if (text.Length > 0)
        {
            using var more = new CancellationTokenSource(Afterwards, Time);
            using var rest = CancellationTokenSource.CreateLinkedTokenSource(more.Token, cancel);
            while (text.Length < MostAnswerBytes && await ReadAsync(socket, rest.Token) is { Length: > 0 } next)
                text += next;
        }
        await either.CancelAsync();
        await sending;
        cancel.ThrowIfCancellationRequested();
        return new(request, StatusOf(text), Answers(text), hung, Unreachable: false, elapsed);
    }

    private async Task SendAsync(Socket socket, MalformedRequest request, CancellationToken cancel)
    {
        try
        {
            ReadOnlyMemory<byte> bytes = request.Bytes(Aims, Canary);
            while (!bytes.IsEmpty)
                bytes = bytes[await socket.SendAsync(bytes, cancel)..];
            if (request.Ends)
                socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception closed) when (closed is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The server has heard enough.
        }
    }

    /// <summary>Empty: closed; null: neither bytes nor a close in time.</summary>
    private static async Task<string?> ReadAsync(Socket socket, CancellationToken cancel)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            return Encoding.Latin1.GetString(buffer, 0, await socket.ReceiveAsync(buffer, cancel));
        }
        catch (SocketException)
        {
            return "";
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Of the first answer that is not interim.</summary>
    private static int StatusOf(string text)
    {
        foreach (var status in Statuses(text))
        {
            if (status is 101 or >= 200)
                return status;
        }
        return 0;
    }

    private static int Answers(string text) => Statuses(text).Count(status => status is 101 or >= 200);

    private static IEnumerable<int> Statuses(string text)
    {
        const string Mark = "HTTP/1.";
        for (var at = text.IndexOf(Mark, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Mark, at + 1, StringComparison.Ordinal))
        {
            // In the middle of a line it is part of a body.
            if ((at == 0 || text[at - 1] == '\n') && at + 12 <= text.Length
                && int.TryParse(text.AsSpan(at + 9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status))
                yield return status;
        }
    }
}
