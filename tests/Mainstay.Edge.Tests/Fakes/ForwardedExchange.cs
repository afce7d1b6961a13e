using System.IO.Pipelines;
using System.Text;
using Mainstay.Edge.Exchanges;

namespace Mainstay.Edge.Tests.Fakes;

/// <summary>A client in memory: what it asks, what it was answered.</summary>
internal sealed class ForwardedExchange : Exchange, IDisposable
{
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _aborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _gone = new();
    private readonly Pipe _request = new();
    private readonly Pipe _answer = new(new PipeOptions(pauseWriterThreshold: 64 * 1024));
    private bool _started;

    public override TimeProvider Time => Clock;

    /// <summary>The test's, if it has one.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    public override PipeReader RequestBody => _request.Reader;

    /// <summary>Where the client writes its body to.</summary>
    public PipeWriter ClientBody => _request.Writer;

    /// <summary>Where the client reads the answer's body.</summary>
    public PipeReader ClientAnswer => _answer.Reader;

    /// <summary>The client's ends of an upgraded connection.</summary>
    public Pipe FromClient { get; } = new();

    public Pipe ToClient { get; } = new();

    public override CancellationToken ClientGone => _gone.Token;

    public override bool AnswerStarted => _started;

    public override PipeWriter AnswerBody => _answer.Writer;

    public bool IsComplete => _completed.Task.IsCompleted;

    public bool IsAborted => _aborted.Task.IsCompleted;

    public Task Completed => _completed.Task;

    public long? Limit { get; private set; }

    /// <summary>The client takes nothing: what is to be written to it waits until it is cut off.</summary>
    public bool TakesNothing { get; set; }

    public void Dispose() => _gone.Dispose();

    public void Leave() => _gone.Cancel();

    public override void LimitBody(long bytes) => Limit = bytes;

    protected override ValueTask SendHeadAsync(CancellationToken cancel)
    {
        _started = true;
        return TakesNothing ? new(_aborted.Task.WaitAsync(cancel)) : ValueTask.CompletedTask;
    }

    public override ValueTask CompleteAnswerAsync()
    {
        _completed.TrySetResult();
        return _answer.Writer.CompleteAsync();
    }

    protected override ValueTask<IDuplexPipe> SwitchProtocolsAsync(CancellationToken cancel)
    {
        _started = true;
        return new(new Duplex(FromClient.Reader, ToClient.Writer));
    }

    public override void Abort()
    {
        _aborted.TrySetResult();
        _answer.Writer.Complete(new IOException("aborted"));
    }

    /// <summary>The answer's body as text, once it is complete.</summary>
    public async Task<string> TextAsync()
    {
        using var reader = new StreamReader(_answer.Reader.AsStream(), Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
