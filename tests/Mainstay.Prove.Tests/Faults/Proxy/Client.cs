using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mainstay.Prove.Tests.Faults.Proxy;

/// <summary>Plain sockets, with a deadline of 20 s on all that waits.</summary>
internal static class Client
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task<Socket> ConnectAsync(EndPoint endpoint)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(endpoint).WaitAsync(Patience, TimeProvider.System);
        return socket;
    }

    /// <summary>What a new connection ends with, which may be before it is seen to be made.</summary>
    public static async Task<SocketError> EndOfNewAsync(EndPoint endpoint)
    {
        try
        {
            using var client = await ConnectAsync(endpoint);
            return (await client.HearTheEndAsync()).Error;
        }
        catch (SocketException ended)
        {
            return ended.SocketErrorCode;
        }
    }

    public static async Task SendAllAsync(this Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await socket.SendAsync(bytes)..];
    }

    public static Task SayAsync(this Socket socket, string text) => socket.SendAllAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>As many bytes, or fewer if the stream ends.</summary>
    public static async Task<string> HearAsync(this Socket socket, int count)
    {
        var buffer = new byte[count];
        var have = 0;
        while (have < count)
        {
            var got = await socket.ReceiveAsync(buffer.AsMemory(have)).AsTask().WaitAsync(Patience, TimeProvider.System);
            if (got == 0)
                break;
            have += got;
        }
        return Encoding.Latin1.GetString(buffer, 0, have);
    }

    public static async Task<string> HearAllAsync(this Socket socket) => await socket.HearAsync(1 << 24);

    /// <summary>What the connection ends with: bytes, or the error.</summary>
    public static async Task<(int Bytes, SocketError Error)> HearTheEndAsync(this Socket socket)
    {
        var buffer = new byte[65536];
        var have = 0;
        try
        {
            int got;
            while ((got = await socket.ReceiveAsync(buffer).WaitAsync(Patience, TimeProvider.System)) > 0)
                have += got;
            return (have, SocketError.Success);
        }
        catch (SocketException error)
        {
            return (have, error.SocketErrorCode);
        }
    }

    /// <summary>A head up to its empty line; empty at the end of the stream.</summary>
    public static async Task<string> ReadHeadAsync(Socket socket)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await socket.ReceiveAsync(one) > 0)
            head.Append((char)one[0]);
        return head.ToString();
    }

    /// <summary>Sends a GET and hears an answer with the body that its Content-Length tells.</summary>
    public static async Task<(string Head, string Body)> AskAsync(this Socket socket, string request)
    {
        await socket.SayAsync(request);
        var head = await ReadHeadAsync(socket).WaitAsync(Patience, TimeProvider.System);
        var length = head.Split("Content-Length: ") is [_, var rest] ? int.Parse(rest.Split('\r')[0]) : 0;
        return (head, await socket.HearAsync(length));
    }
}
