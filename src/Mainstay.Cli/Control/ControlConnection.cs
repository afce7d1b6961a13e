using System.Buffers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Mainstay.Contracts.Control;

namespace Mainstay.Cli.Control;

/// <summary>A peer sent something that is not the protocol.</summary>
internal sealed class ProtocolViolation(string message) : Exception(message);

/// <summary>
/// JSON documents, one a line, over a connected socket. Both directions leave the thread that completed the socket's operation before
/// they return: with inline completions that is the poller of every connection, and nothing here may hold it up.
/// </summary>
internal sealed class ControlConnection(Socket socket) : IDisposable
{
    private const int FirstBuffer = 4096;

    private readonly SemaphoreSlim _sending = new(1, 1);
    private byte[] _buffer = new byte[FirstBuffer];
    private int _start;
    private int _end;

    /// <summary>The next document; null at the end. Throws <see cref="ProtocolViolation"/> for anything that is none, <see cref="SocketException"/> for a broken peer.</summary>
    public async Task<T?> ReceiveAsync<T>(JsonTypeInfo<T> type, CancellationToken cancel) where T : class
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                var line = _buffer.AsMemory(_start, length);
                _start += length + 1;
                return Parse(line.Span, type);
            }
            if (_end - _start >= ControlProtocol.MaxLine)
                throw new ProtocolViolation($"a line is longer than {ControlProtocol.MaxLine} bytes");
            MakeRoom();
            var read = await socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None, cancel);
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            if (read == 0)
                return _end == _start ? null : throw new ProtocolViolation("the connection ended in the middle of a line");
            _end += read;
        }
    }

    /// <summary>Completes when the peer has hung up or says more than it may.</summary>
    public async Task GoneAsync(CancellationToken cancel)
    {
        var scratch = new byte[1];
        try
        {
            _ = await socket.ReceiveAsync(scratch, SocketFlags.None, cancel);
        }
        catch (SocketException)
        {
            // Gone is gone.
        }
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
    }

    public async Task SendAsync<T>(T document, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        var line = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(line))
            JsonSerializer.Serialize(json, document, type);
        line.Write("\n"u8);
        await _sending.WaitAsync(cancel);
        try
        {
            var rest = line.WrittenMemory;
            while (!rest.IsEmpty)
                rest = rest[await socket.SendAsync(rest, SocketFlags.None, cancel)..];
        }
        finally
        {
            _sending.Release();
        }
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
    }

    public void Dispose()
    {
        socket.Dispose();
        _sending.Dispose();
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, Math.Min(_buffer.Length * 4, ControlProtocol.MaxLine + 1));
    }

    private static T Parse<T>(ReadOnlySpan<byte> line, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(line, type) ?? throw new ProtocolViolation("a line holds null");
        }
        catch (JsonException wrong)
        {
            // The reader's own words name our types; the place is all that helps the sender.
            throw new ProtocolViolation($"a line is not the JSON that was expected (wrong at {wrong.Path ?? "$"}, byte {wrong.BytePositionInLine ?? 0}); see docs/control.md");
        }
    }
}
