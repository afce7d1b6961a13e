using System.Text;
using Mainstay.Contracts.Processes;

namespace Mainstay.Edge.Forwarding.Http2;

/// <summary>One attempt over HTTP/2: what was sent, what came back, and what must be let go.</summary>
internal sealed class Http2Exchange(Attempt attempt, Action left) : IAttemptResources, IDisposable
{
    private static readonly HttpRequestOptionsKey<Http2Exchange> Key = new("exchange");

    private readonly CancellationTokenSource _stop = new();
    private HttpResponseMessage? _response;
    private AttemptContent? _content;
    private int _encoded;
    private bool _wasRefused;

    /// <summary>
    /// Called by the handler for each field when it encodes a head, Host among them exactly once: so a second time means that the upstream
    /// refused the stream unprocessed (REFUSED_STREAM, or GOAWAY below its number) and the handler is about to send it again.
    /// Whether to do that is not for the handler to decide.
    /// </summary>
    public static Encoding Encode(string name, HttpRequestMessage message)
    {
        if (name == "Host" && message.Options.TryGetValue(Key, out var exchange))
            exchange.Encoding();
        return System.Text.Encoding.Latin1;
    }

    /// <summary>Ends with the answer's head in the attempt, or a failure.</summary>
    public async ValueTask RunAsync(HttpMessageInvoker invoker, string authority, CancellationToken cancel)
    {
        if (Http2Request.TryBuild(attempt, authority, _stop.Token, out var message, out _content) is { } fault)
        {
            await FailAsync(AttemptFailure.ClientBody, fault);
            return;
        }
        message!.Options.Set(Key, this);
        // Only until the head has come: the handler would hold on to a token for as long as the body is being sent.
        var watch = cancel.UnsafeRegister(static stop => ((CancellationTokenSource)stop!).Cancel(), _stop);
        try
        {
            _response = await invoker.SendAsync(message, _stop.Token);
            await watch.DisposeAsync();
            if (cancel.IsCancellationRequested)
                await FailAsync(AttemptFailure.Cancelled, "given up");
            else
                Accept(_response);
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException or ObjectDisposedException
            or InvalidOperationException)
        {
            await watch.DisposeAsync();
            var (failure, detail) = Judge(error, cancel);
            await FailAsync(failure, detail);
        }
    }

    public async ValueTask ReleaseAsync(Attempt attempt)
    {
        // Resets the stream unless it is over; then the body is read by nobody any more.
        _response?.Dispose();
        await _stop.CancelAsync();
        if (_content is not null)
            await _content.QuietAsync();
        (attempt.AnswerBody as Http2AnswerBody)?.Rest();
        Dispose();
        left();
    }

    public void Dispose() => _stop.Dispose();

    private void Encoding()
    {
        if (_encoded++ > 0)
        {
            _wasRefused = true;
            throw new IOException("refused unprocessed");
        }
        attempt.Sent = true;
    }

    private void Accept(HttpResponseMessage response)
    {
        attempt.Answered = true;
        attempt.Resources = this;
        attempt.Answer.Status = (int)response.StatusCode;
        Http2Fields.Copy(response.Headers.NonValidated, attempt.Answer.Headers);
        Http2Fields.Copy(response.Content.Headers.NonValidated, attempt.Answer.Headers);
        if (attempt.Request.Method == "HEAD" || attempt.Answer.Status is 204 or 304)
            return;
        var body = new Http2AnswerBody(attempt, response, _content);
        if (body.Length is not 0)
            attempt.AnswerBody = body;
    }

    private (AttemptFailure, string) Judge(Exception error, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested)
            return (AttemptFailure.Cancelled, "given up");
        if (_content?.Fault is { } fault)
            return (AttemptFailure.ClientBody, fault);
        if (_wasRefused)
        {
            // RFC 9113, section 8.7: nothing of such a stream was processed.
            attempt.Sent = false;
            return (AttemptFailure.Unanswered, "stream refused unprocessed");
        }
        attempt.IsOurShortage = !attempt.Sent && OwnShortage.Is(error);
        var reason = (error as HttpRequestException)?.HttpRequestError;
        return reason switch
        {
            HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded => (AttemptFailure.Malformed, "bad HTTP/2 answer"),
            HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError when !attempt.Sent => (AttemptFailure.Unconnected, Clause(error)),
            _ when !attempt.Sent => (AttemptFailure.Unconnected, Clause(error)),
            HttpRequestError.HttpProtocolError => (AttemptFailure.Unanswered, "stream reset"),
            _ => (AttemptFailure.Unanswered, "connection closed"),
        };
    }

    private static string Clause(Exception error) => error.GetBaseException() is System.Net.Sockets.SocketException socket
        ? Http1.SocketErrors.Clause(socket.SocketErrorCode)
        : "no HTTP/2 connection";

    private ValueTask FailAsync(AttemptFailure failure, string detail)
    {
        attempt.Failure = failure;
        attempt.Detail = detail;
        return ReleaseAsync(attempt);
    }
}
