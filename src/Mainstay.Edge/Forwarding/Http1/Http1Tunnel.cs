using System.IO.Pipelines;
using System.Net.Sockets;

namespace Mainstay.Edge.Forwarding.Http1;

/// <summary>The bare connection after a 101, with the bytes that came right behind the head. Completing the output tells the upstream that nothing more comes.</summary>
internal sealed class Http1Tunnel : IDuplexPipe
{
    public Http1Tunnel(Wire wire)
    {
        Input = PipeReader.Create(new WireStream(wire), new StreamPipeReaderOptions(bufferSize: 16 * 1024, leaveOpen: true));
        Output = PipeWriter.Create(new WireStream(wire));
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    /// <summary>A wire as the stream that pipes are made of; disposing it ends our half.</summary>
    private sealed class WireStream(Wire wire) : Stream
    {
        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var unread = wire.Unread;
            if (unread.IsEmpty)
                return wire.Socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken);
            var count = Math.Min(unread.Length, buffer.Length);
            unread[..count].CopyTo(buffer.Span);
            wire.Consume(count);
            return ValueTask.FromResult(count);
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            while (!buffer.IsEmpty)
                buffer = buffer[await wire.Socket.SendAsync(buffer, SocketFlags.None, cancellationToken)..];
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Flush()
        {
        }

        protected override void Dispose(bool disposing)
        {
            try
            {
                if (disposing && !wire.IsClosed)
                    wire.Socket.Shutdown(SocketShutdown.Send);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // Closed by now: the other side knows already.
            }
            base.Dispose(disposing);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
