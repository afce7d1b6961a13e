using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Forwarding;

namespace Mainstay.Edge.Tests.Fakes;

/// <summary>An upstream in memory that does with each attempt what the test says.</summary>
internal sealed class ReplicaInMemory(Func<Attempt, CancellationToken, ValueTask> script) : IUpstreamClient
{
    private int _attempts;

    public int Attempts => _attempts;

    public bool IsRetired { get; private set; }

    public bool IsDisposed { get; private set; }

    public Func<Attempt, CancellationToken, ValueTask> Script { get; set; } = script;

    public ConcurrentQueue<string> Bodies { get; } = new();

    public async ValueTask SendAsync(Attempt attempt, CancellationToken cancel)
    {
        Interlocked.Increment(ref _attempts);
        try
        {
            await Script(attempt, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            attempt.Failure = AttemptFailure.Cancelled;
        }
    }

    public void Retire() => IsRetired = true;

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }

    public static ReplicaInMemory Answering(string text, int status = 200) => new((attempt, _) => Answer(attempt, status, text));

    public static ReplicaInMemory Failing(AttemptFailure failure, bool sent) => new((attempt, _) => Fail(attempt, failure, sent));

    public static ReplicaInMemory Silent() => new(Hang);

    public static async ValueTask Hang(Attempt attempt, CancellationToken cancel)
    {
        attempt.Sent = true;
        await Task.Delay(Timeout.Infinite, cancel);
    }

    public static ValueTask Fail(Attempt attempt, AttemptFailure failure, bool sent)
    {
        attempt.Sent = sent;
        attempt.Failure = failure;
        return ValueTask.CompletedTask;
    }

    public static ValueTask Answer(Attempt attempt, int status, string text)
    {
        attempt.Sent = attempt.Answered = true;
        attempt.Answer.Status = status;
        var bytes = Encoding.Latin1.GetBytes(text);
        attempt.Answer.Headers.Add(HeaderId.ContentLength, bytes.Length.ToString());
        attempt.AnswerBody = bytes.Length == 0 ? null : new PipedBody(bytes);
        return ValueTask.CompletedTask;
    }

    /// <summary>Answers with a body of unknown (or declared) length that the test writes piece by piece.</summary>
    public static Pipe Stream(Attempt attempt, string contentType, long? length = null)
    {
        attempt.Sent = attempt.Answered = true;
        attempt.Answer.Status = 200;
        attempt.Answer.Headers.Add(HeaderId.ContentType, contentType);
        var pipe = new Pipe();
        attempt.AnswerBody = new PipedBody(pipe.Reader, length);
        return pipe;
    }

    public static async Task<string> ReadAsync(PipeReader body, CancellationToken cancel)
    {
        var text = new StringBuilder();
        while (true)
        {
            var read = await body.ReadAsync(cancel);
            foreach (var segment in read.Buffer)
                text.Append(Encoding.Latin1.GetString(segment.Span));
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return text.ToString();
        }
    }
}

/// <summary>An answer's body from a pipe; a pipe completed with an exception breaks off.</summary>
internal sealed class PipedBody : AnswerBody
{
    private readonly PipeReader? _from;
    private ReadOnlyMemory<byte> _whole;
    private SequencePosition? _consumed;
    private long _read;
    private int _asked;

    /// <summary>How often it was asked for the next piece: whoever asks has done with the one before.</summary>
    public int Asked => Volatile.Read(ref _asked);

    public PipedBody(PipeReader from, long? length)
    {
        _from = from;
        Length = length;
    }

    public PipedBody(byte[] whole)
    {
        _whole = whole;
        Length = whole.Length;
    }

    public override async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancel)
    {
        Interlocked.Increment(ref _asked);
        if (_from is null)
        {
            var all = _whole;
            _whole = default;
            IsComplete = true;
            return all;
        }
        if (_consumed is { } consumed)
            _from.AdvanceTo(consumed);
        _consumed = null;
        ReadResult read;
        try
        {
            read = await _from.ReadAsync(cancel);
        }
        catch (IOException error)
        {
            throw new UpstreamBrokeOffException(error.Message);
        }
        var piece = read.Buffer.First;
        _consumed = read.Buffer.GetPosition(piece.Length);
        _read += piece.Length;
        IsComplete = Length is { } length ? _read == length : piece.IsEmpty && read.IsCompleted;
        if (piece.IsEmpty && !IsComplete)
            throw new UpstreamBrokeOffException("closed early");
        return piece;
    }
}
