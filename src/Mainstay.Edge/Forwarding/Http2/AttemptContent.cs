using System.IO.Pipelines;
using System.Net;

namespace Mainstay.Edge.Forwarding.Http2;

/// <summary>
/// A request's body as the handler wants it: written piece by piece as it comes, while the answer may already be arriving.
/// Can be asked for once only: a body that was begun is not sent a second time behind our back.
/// </summary>
internal sealed class AttemptContent(PipeReader body, long? length, CancellationToken stop) : HttpContent
{
    private int _begun;
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What is wrong with the client's body, or null.</summary>
    public string? Fault { get; private set; }

    /// <summary>When nobody reads the body any more. The stop token must have been cancelled.</summary>
    public Task QuietAsync() => Interlocked.Exchange(ref _begun, 1) == 0 ? Task.CompletedTask : _over.Task;

    protected override bool TryComputeLength(out long size)
    {
        size = length ?? 0;
        return length is not null;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SendAsync(stream, stop);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stop);
        await SendAsync(stream, either.Token);
    }

    private async Task SendAsync(Stream stream, CancellationToken cancel)
    {
        if (Interlocked.Exchange(ref _begun, 1) != 0)
            throw new IOException("the body was sent before");
        try
        {
            await CopyAsync(stream, cancel);
        }
        finally
        {
            _over.TrySetResult();
        }
    }

    private async Task CopyAsync(Stream stream, CancellationToken cancel)
    {
        // The head has to go out even if the body is slow to come: a stream's first word may be the other side's.
        await stream.FlushAsync(cancel);
        var left = length ?? long.MaxValue;
        for (var isOver = left == 0; !isOver;)
        {
            var piece = await ReadAsync(cancel);
            left -= piece.Buffer.Length;
            if (left < 0)
                throw Refuse("body longer than its Content-Length");
            foreach (var segment in piece.Buffer)
                await stream.WriteAsync(segment, cancel);
            body.AdvanceTo(piece.Buffer.End);
            await stream.FlushAsync(cancel);
            isOver = piece.IsCompleted || left == 0;
            if (!isOver && piece.IsCanceled)
                throw Refuse("body cancelled");
        }
        if (length is not null && left > 0)
            throw Refuse("body shorter than its Content-Length");
    }

    /// <summary>The body comes from foreign code (a server, a replay): whatever it throws means that the body has no end.</summary>
    private async ValueTask<ReadResult> ReadAsync(CancellationToken cancel)
    {
        try
        {
            return await body.ReadAsync(cancel);
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            throw Refuse("body broke off: " + error.Message);
        }
    }

    private IOException Refuse(string fault)
    {
        Fault = fault;
        return new IOException(fault);
    }
}
