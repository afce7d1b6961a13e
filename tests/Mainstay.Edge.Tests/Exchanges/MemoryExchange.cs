using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Mainstay.Edge.Exchanges;

namespace Mainstay.Edge.Tests.Exchanges;

/// <summary>
/// The front adapter without a server: a test writes the request, the steps answer, the test reads what a client would have got.
/// </summary>
internal sealed class MemoryExchange : Exchange, IDisposable
{
    private readonly CancellationTokenSource _clientGone = new();
    private readonly Pipe _requestBody = new();
    private readonly Pipe _answerBody = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly Pipe _tunnelIn = new();
    private readonly Pipe _tunnelOut = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _answerStarted;

    public MemoryExchange(string method = "GET", string target = "/", string? body = null, string host = "test.example", int version = 11)
    {
        Request.Method = method;
        Request.Target = target;
        Request.Host = host;
        Request.Version = version;
        Request.Peer = IPAddress.Parse("192.0.2.1");
        Request.Headers.Add(HeaderId.Host, host);
        if (body is null)
            return;
        Request.HasBody = true;
        Request.ContentLength = Encoding.UTF8.GetByteCount(body);
        Request.Headers.Add(HeaderId.ContentLength, Request.ContentLength.Value.ToString());
        SendBody(body, last: true);
    }

    /// <summary>Completes when the head has left.</summary>
    public Task Started => _started.Task;

    /// <summary>Completes when the answer has ended.</summary>
    public Task Completed => _completed.Task;

    public bool Aborted { get; private set; }

    public long BodyLimit { get; private set; } = long.MaxValue;

    /// <summary>The client's end of a tunnel.</summary>
    public IDuplexPipe ClientTunnel => new Ends(_tunnelOut.Reader, _tunnelIn.Writer);

    public override TimeProvider Time => TimeProvider.System;

    public override PipeReader RequestBody => _requestBody.Reader;

    public override CancellationToken ClientGone => _clientGone.Token;

    public override bool AnswerStarted => _answerStarted;

    public override PipeWriter AnswerBody => _answerStarted ? _answerBody.Writer : throw new InvalidOperationException("The answer has not been started.");

    /// <summary>More of the request's body, for one that was made without.</summary>
    public void SendBody(string text, bool last)
    {
        Request.HasBody = true;
        _requestBody.Writer.Write(Encoding.UTF8.GetBytes(text));
        _ = _requestBody.Writer.FlushAsync().AsTask();
        if (last)
            _requestBody.Writer.Complete();
    }

    /// <summary>The client breaks off inside its body.</summary>
    public void BreakBody() => _requestBody.Writer.Complete(new IOException("The client broke off."));

    /// <summary>The client closes its connection.</summary>
    public void Leave() => _clientGone.Cancel();

    /// <summary>All of the answer's body so far, once it is complete.</summary>
    public async Task<string> ReadAnswerAsync()
    {
        await _completed.Task.WaitAsync(TimeSpan.FromSeconds(10));
        using var reader = new StreamReader(_answerBody.Reader.AsStream());
        return await reader.ReadToEndAsync();
    }

    public void Dispose() => _clientGone.Dispose();

    public override void LimitBody(long bytes) => BodyLimit = bytes;

    public override async ValueTask CompleteAnswerAsync()
    {
        await _answerBody.Writer.CompleteAsync();
        _completed.TrySetResult();
    }

    public override void Abort()
    {
        Aborted = true;
        _answerBody.Writer.Complete(new IOException("Aborted."));
        _clientGone.Cancel();
        _completed.TrySetException(new IOException("Aborted."));
        _ = _completed.Task.Exception;
    }

    protected override ValueTask SendHeadAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (_answerStarted)
            throw new InvalidOperationException("The answer was started twice.");
        _answerStarted = true;
        _started.TrySetResult();
        return ValueTask.CompletedTask;
    }

    protected override ValueTask<IDuplexPipe> SwitchProtocolsAsync(CancellationToken cancel)
    {
        _answerStarted = true;
        _started.TrySetResult();
        return ValueTask.FromResult<IDuplexPipe>(new Ends(_tunnelIn.Reader, _tunnelOut.Writer));
    }

    private sealed class Ends(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input { get; } = input;

        public PipeWriter Output { get; } = output;
    }
}
