using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mainstay.Prove.Tests.Load;

/// <summary>A server that does with each connection exactly what a test says. A thread for each, so that a test can block it.</summary>
internal sealed class RawServer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly Action<Client> _serve;
    private int _connections;

    private RawServer(Action<Client> serve, int backlog)
    {
        _serve = serve;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(backlog);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public int Port { get; }

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Called on a thread of its own for each connection; it is closed when that returns.</summary>
    public static RawServer Serving(Action<Client> serve, int backlog = 512) => new(serve, backlog);

    /// <summary>The same bytes for each request, on connections that are kept.</summary>
    public static RawServer Answering(string answer) => Serving(client =>
    {
        while (client.ReadHead() is not null)
            client.Write(answer);
    });

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var socket in _sockets)
            socket.Dispose();
    }

    private void Accept()
    {
        try
        {
            while (true)
            {
                var socket = _listener.Accept();
                socket.NoDelay = true;
                _sockets.Add(socket);
                Interlocked.Increment(ref _connections);
                new Thread(() => Serve(socket)) { IsBackground = true }.Start();
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private void Serve(Socket socket)
    {
        try
        {
            _serve(new(socket));
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The client has gone, or the test is over.
        }
        finally
        {
            socket.Dispose();
        }
    }

    internal sealed class Client(Socket socket)
    {
        private readonly byte[] _buffer = new byte[65536];
        private int _length;

        public IPAddress Address => ((IPEndPoint)socket.RemoteEndPoint!).Address;

        /// <summary>The next request's head; null at the end. What follows it stays for the next read.</summary>
        public string? ReadHead()
        {
            while (true)
            {
                var end = _buffer.AsSpan(0, _length).IndexOf("\r\n\r\n"u8);
                if (end >= 0)
                {
                    var head = Encoding.ASCII.GetString(_buffer, 0, end + 4);
                    Drop(end + 4);
                    return head;
                }
                var read = socket.Receive(_buffer.AsSpan(_length));
                if (read == 0)
                    return null;
                _length += read;
            }
        }

        public byte[] ReadBody(int length)
        {
            while (_length < length)
            {
                var read = socket.Receive(_buffer.AsSpan(_length));
                if (read == 0)
                    throw new SocketException((int)SocketError.ConnectionReset);
                _length += read;
            }
            var body = _buffer[..length];
            Drop(length);
            return body;
        }

        public void Write(string text) => Write(Encoding.Latin1.GetBytes(text));

        public void Write(byte[] bytes)
        {
            for (var sent = 0; sent < bytes.Length;)
                sent += socket.Send(bytes.AsSpan(sent));
        }

        /// <summary>The connection ends with a reset.</summary>
        public void Reset()
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        }

        /// <summary>No more answers, but it still reads.</summary>
        public void EndAnswers() => socket.Shutdown(SocketShutdown.Send);

        private void Drop(int count)
        {
            _buffer.AsSpan(count, _length - count).CopyTo(_buffer);
            _length -= count;
        }
    }
}
