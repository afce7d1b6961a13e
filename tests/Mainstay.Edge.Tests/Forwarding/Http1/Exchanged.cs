using System.IO.Pipelines;
using System.Net;
using System.Text;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Forwarding;
using Mainstay.Edge.Forwarding.Http1;

namespace Mainstay.Edge.Tests.Forwarding.Http1;

/// <summary>What came of one attempt, with the body read to its end and the connection given back.</summary>
internal sealed record Exchanged(Attempt Attempt, string Body, bool BodyComplete, string? BrokeOff)
{
    public AttemptFailure Failure => Attempt.Failure;

    public int Status => Attempt.Answer.Status;

    public string Headers => string.Join("|", Enumerable.Range(0, Attempt.Answer.Headers.Count)
        .Select(at => $"{Attempt.Answer.Headers.NameText(at)}: {Attempt.Answer.Headers.ValueText(at)}"));

    public string? Trailers => Attempt.Answer.Trailers is { } trailers
        ? string.Join("|", Enumerable.Range(0, trailers.Count).Select(at => $"{trailers.NameText(at)}: {trailers.ValueText(at)}"))
        : null;
}

internal static class Exchanging
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public static Http1Client Client(EndPoint endPoint, Http1Options? options = null, TimeProvider? time = null) =>
        new(endPoint, "app.test", options ?? Http1Options.Default, time ?? TimeProvider.System);

    public static RequestHead Request(string method = "GET", string target = "/", params (string Name, string Value)[] headers)
    {
        var head = new RequestHead { Method = method, Target = target, Host = "app.test" };
        foreach (var (name, value) in headers)
            head.Headers.Add(name, value);
        return head;
    }

    public static PipeReader Body(string text) => PipeReader.Create(new MemoryStream(Encoding.Latin1.GetBytes(text)));

    public static async Task<Exchanged> ExchangeAsync(this IUpstreamClient client, RequestHead? request = null, PipeReader? body = null,
        bool fresh = false, CancellationToken cancel = default)
    {
        var attempt = new Attempt { Request = request ?? Request(), Body = body, NeedsFreshConnection = fresh };
        await client.SendAsync(attempt, cancel).AsTask().WaitAsync(Deadline, CancellationToken.None);
        return await attempt.FinishAsync();
    }

    public static async Task<Exchanged> FinishAsync(this Attempt attempt)
    {
        var text = new StringBuilder();
        string? brokeOff = null;
        var complete = attempt.Failure == AttemptFailure.None && attempt.AnswerBody is null;
        try
        {
            while (attempt.AnswerBody is { } body)
            {
                var piece = await body.ReadAsync(CancellationToken.None).AsTask().WaitAsync(Deadline, CancellationToken.None);
                text.Append(Encoding.Latin1.GetString(piece.Span));
                complete = body.IsComplete;
                if (piece.IsEmpty)
                    break;
            }
        }
        catch (UpstreamBrokeOffException error)
        {
            brokeOff = error.Message;
        }
        await attempt.DisposeAsync().AsTask().WaitAsync(Deadline, CancellationToken.None);
        return new Exchanged(attempt, text.ToString(), complete, brokeOff);
    }

    /// <summary>One answer, as raw bytes, to one request.</summary>
    public static async Task<Exchanged> AnswerAsync(string raw, RequestHead? request = null, bool drip = false, Http1Options? options = null)
    {
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await (drip ? connection.DripAsync(raw) : connection.SendAsync(raw));
        });
        await using var client = Client(upstream.EndPoint, options);
        return await client.ExchangeAsync(request);
    }

    public static async Task UntilAsync(Func<bool> condition)
    {
        var giveUp = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(giveUp) < Deadline, "the condition did not come true in time");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }
}
