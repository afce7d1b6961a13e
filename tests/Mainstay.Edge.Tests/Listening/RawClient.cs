using System.Net.Sockets;
using System.Text;

namespace Mainstay.Edge.Tests.Listening;

/// <summary>A client that writes exactly what a test says and reads exactly what comes back, within a deadline.</summary>
internal sealed class RawClient(Socket socket) : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private readonly StringBuilder _received = new();

    public Socket Socket { get; } = socket;

    public async Task SendAsync(string text) => await Socket.SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Reads until the text has come in; returns all up to and including it, and keeps the rest.</summary>
    public async Task<string> ReadUntilAsync(string text)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var buffer = new byte[16 * 1024];
        while (_received.ToString() is var all)
        {
            if (all.IndexOf(text, StringComparison.Ordinal) is var at and >= 0)
            {
                _received.Remove(0, at + text.Length);
                return all[..(at + text.Length)];
            }
            var read = await Socket.ReceiveAsync(buffer, deadline.Token);
            if (read == 0)
                throw new IOException($"The connection ended after: {all}");
            _received.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        throw new InvalidOperationException();
    }

    /// <summary>Reads so many bytes.</summary>
    public async Task<string> ReadAsync(int length)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var buffer = new byte[16 * 1024];
        while (_received.Length < length)
        {
            var read = await Socket.ReceiveAsync(buffer, deadline.Token);
            if (read == 0)
                throw new IOException($"The connection ended after: {_received}");
            _received.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        var text = _received.ToString(0, length);
        _received.Remove(0, length);
        return text;
    }

    /// <summary>Reads to the end of the connection, be it closed or reset.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var buffer = new byte[16 * 1024];
        try
        {
            while (await Socket.ReceiveAsync(buffer, deadline.Token) is var read and > 0)
                _received.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        catch (SocketException)
        {
            // Reset is an end, too.
        }
        var all = _received.ToString();
        _received.Clear();
        return all;
    }

    public void Dispose() => Socket.Dispose();
}
