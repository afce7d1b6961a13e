using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Mainstay.Edge.Listening;

/// <summary>
/// HTTP/2 connections that Kestrel has ended stay open for a moment, so that the client closes them (RFC 9113, section 6.8: whoever said
/// GOAWAY waits for what is on its way). Kestrel closes together with its GOAWAY: requests that cross it meet the end of the connection, or
/// a reset, and some clients take them for sent and lost instead of sending them elsewhere.
/// </summary>
internal static class LingeringClose
{
    /// <summary>A few round trips.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(ConnectionContext connection, ConnectionDelegate next, TimeProvider time)
    {
        var transport = connection.Transport;
        connection.Transport = new Unending(transport);
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = transport;
        }
        await LingerAsync(transport, time);
    }

    /// <summary>Until the client has closed, too, the connection is cut, or the time is over. What still comes is of no use to anybody.</summary>
    private static async Task LingerAsync(IDuplexPipe transport, TimeProvider time)
    {
        using var limit = new CancellationTokenSource(Longest, time);
        try
        {
            if ((await transport.Output.FlushAsync(limit.Token)).IsCompleted)
                return;
            while (true)
            {
                var read = await transport.Input.ReadAsync(limit.Token);
                transport.Input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                    return;
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or InvalidOperationException or ObjectDisposedException)
        {
            // Reset, cut or too late: over in any case.
        }
    }

    /// <summary>The transport, but for its end.</summary>
    private sealed class Unending(IDuplexPipe transport) : IDuplexPipe
    {
        public PipeReader Input { get; } = new Reader(transport.Input);

        public PipeWriter Output { get; } = new Writer(transport.Output);
    }

    private sealed class Reader(PipeReader inner) : PipeReader
    {
        public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null)
        {
            // Not yet.
        }

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => inner.ReadAsync(cancellationToken);

        public override bool TryRead(out ReadResult result) => inner.TryRead(out result);
    }

    private sealed class Writer(PipeWriter inner) : PipeWriter
    {
        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override void Advance(int bytes) => inner.Advance(bytes);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null)
        {
            // Not yet.
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) =>
            inner.WriteAsync(source, cancellationToken);
    }
}
