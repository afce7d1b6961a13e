using System.Buffers;
using System.Collections.Concurrent;

namespace Mainstay.Edge.Forwarding.Memory;

/// <summary>
/// An upstream without a network: plays steps in the order they were given, the last one again and again, and remembers what it was sent.
/// For the tests of the steps in front of it. Thread-safe.
/// </summary>
internal sealed class MemoryClient(params MemoryStep[] steps) : IUpstreamClient
{
    private readonly ConcurrentQueue<MemoryRequest> _seen = new();
    private int _next = -1;
    private int _held;

    /// <summary>What it was sent, in order; attempts that failed before sending are not in it.</summary>
    public IReadOnlyCollection<MemoryRequest> Seen => _seen;

    /// <summary>Attempts with an answer that are not yet disposed.</summary>
    public int Held => Volatile.Read(ref _held);

    public bool IsRetired { get; private set; }

    public bool IsDisposed { get; private set; }

    public async ValueTask SendAsync(Attempt attempt, CancellationToken cancel)
    {
        var step = steps.Length == 0
            ? MemoryStep.Answer(200)
            : steps[Math.Min(Interlocked.Increment(ref _next), steps.Length - 1)];
        try
        {
            cancel.ThrowIfCancellationRequested();
            if (step.IsSent)
            {
                attempt.Sent = true;
                _seen.Enqueue(await RecordAsync(attempt, step.ReadsBody, cancel));
            }
            if (step.Delay > TimeSpan.Zero)
                await Task.Delay(step.Delay, step.Time, cancel);
            if (step.Gate is { } gate)
                await gate.WaitAsync(cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            attempt.Failure = AttemptFailure.Cancelled;
            return;
        }
        catch (IOException error)
        {
            attempt.Failure = AttemptFailure.ClientBody;
            attempt.Detail = error.Message;
            return;
        }
        attempt.Answered = step.IsAnswered;
        attempt.Failure = step.Failure;
        attempt.Detail = step.Failure == AttemptFailure.None ? null : "scripted " + step.Failure;
        if (step.Failure == AttemptFailure.None)
            Hold(attempt, step);
    }

    public void Retire() => IsRetired = true;

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }

    private void Hold(Attempt attempt, MemoryStep step)
    {
        attempt.Answer.Status = step.Status;
        foreach (var (name, value) in step.Headers)
            attempt.Answer.Headers.Add(name, value);
        attempt.Tunnel = step.Tunnel;
        if (step.Tunnel is null && (step.Body.Length > 0 || step.BreaksOff) && attempt.Request.Method != "HEAD")
            attempt.AnswerBody = new MemoryAnswerBody(attempt.Answer, step);
        Interlocked.Increment(ref _held);
        attempt.Resources = new Holding(this);
    }

    private static async ValueTask<MemoryRequest> RecordAsync(Attempt attempt, bool readsBody, CancellationToken cancel)
    {
        var head = attempt.Request;
        var headers = Enumerable.Range(0, head.Headers.Count)
            .Select(at => KeyValuePair.Create(head.Headers.NameText(at), head.Headers.ValueText(at))).ToList();
        var body = new ArrayBufferWriter<byte>();
        while (readsBody && attempt.Body is { } reader)
        {
            var piece = await reader.ReadAsync(cancel);
            foreach (var segment in piece.Buffer)
                body.Write(segment.Span);
            reader.AdvanceTo(piece.Buffer.End);
            if (piece.IsCompleted)
                break;
        }
        return new MemoryRequest(head.Method, head.Target, headers, body.WrittenSpan.ToArray());
    }

    private sealed class Holding(MemoryClient owner) : IAttemptResources
    {
        public ValueTask ReleaseAsync(Attempt attempt)
        {
            Interlocked.Decrement(ref owner._held);
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>What an upstream in memory was sent.</summary>
internal sealed record MemoryRequest(string Method, string Target, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body)
{
    /// <summary>The first value of a header field, or null.</summary>
    public string? Header(string name) =>
        Headers.Where(field => field.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value).FirstOrDefault();
}
