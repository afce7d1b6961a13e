using System.Collections.Concurrent;
using System.Net.Sockets;
using Mainstay.Prove.Load.Platform;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Load.Http2;

/// <summary>
/// HTTP/2 with prior knowledge, by the base library's client. It costs several times as much processor time as HTTP/1.1 here, and sends a request
/// again by itself that the server has refused unseen (RFC 9113, 8.7). A request counts as sent when it was handed to the client.
/// </summary>
internal sealed class Http2Carrier : IRequestCarrier
{
    private readonly LoadRecorder _recorder;
    private readonly Http2Stream[] _streams;
    private readonly HttpMessageInvoker[] _clients;
    private readonly Epoll _rest = new();
    private readonly ConcurrentQueue<Sample> _ended = new();
    private readonly CancellationTokenSource _cut = new();

    public Http2Carrier(LoadRecorder recorder)
    {
        var plan = recorder.Plan;
        _recorder = recorder;
        var sources = plan.Streams.Select(stream => stream.Source).Distinct().ToList();
        _clients = [.. sources.Select(source => new HttpMessageInvoker(Http2Client.Create(plan, source)))];
        _streams = [.. plan.Streams.Select(stream => new Http2Stream(stream, plan.Target, sources.IndexOf(stream.Source)))];
    }

    public int Out { get; private set; }

    public void Begin(int stream, long dueAt, long now)
    {
        Out++;
        _recorder.Sent();
        // It ends in the queue, whatever happens.
        _ = ExchangeAsync(stream, dueAt, now);
    }

    public void Wait(long microseconds)
    {
        // Nobody wakes this thread: answers note their own time.
        _ = _rest.Wait(microseconds);
        while (_ended.TryDequeue(out var sample))
        {
            Out--;
            _recorder.Ended(sample);
        }
    }

    public void KeepHouse()
    {
        // Patience and idle connections are the client's.
    }

    public void Cut()
    {
        _cut.Cancel();
        while (Out > 0)
            Wait(1000);
    }

    public void Dispose()
    {
        foreach (var client in _clients)
            client.Dispose();
        _rest.Dispose();
        _cut.Dispose();
    }

    private async Task ExchangeAsync(int stream, long dueAt, long sentAt)
    {
        var sample = new Sample(stream, dueAt, sentAt, -1, -1, 0, Fate.Cut, -1);
        try
        {
            var left = _streams[stream].Patience - TimeSpan.FromMicroseconds(sentAt - dueAt);
            using var patience = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, _recorder.Time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _cut.Token);
            // The client's work stays off the loop's thread.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            using var request = _streams[stream].Request();
            using var answer = await _clients[_streams[stream].Client].SendAsync(request, either.Token);
            sample = sample with { HeadAt = _recorder.Now };
            await answer.Content.CopyToAsync(Stream.Null, either.Token);
            sample = sample with { Fate = Fate.Answered, Status = (short)answer.StatusCode, RetryAfter = RetryAfterOf(answer) };
        }
        catch (Exception failed)
        {
            sample = sample with { Fate = FateOf(failed) };
        }
        _ended.Enqueue(sample with { EndedAt = _recorder.Now });
    }

    private short RetryAfterOf(HttpResponseMessage answer) => answer.Headers.RetryAfter switch
    {
        { Delta: { } delta } => (short)Math.Clamp(Math.Ceiling(delta.TotalSeconds), 0, short.MaxValue),
        { Date: { } date } => (short)Math.Clamp(Math.Ceiling((date - _recorder.Time.GetUtcNow()).TotalSeconds), 0, short.MaxValue),
        _ => -1,
    };

    private Fate FateOf(Exception failed) => failed switch
    {
        OperationCanceledException => _cut.IsCancellationRequested ? Fate.Cut : Fate.TimedOut,
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => Fate.Refused,
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => Fate.Malformed,
        HttpRequestException or IOException => Fate.Reset,
        _ => Fate.NotSent,
    };
}
