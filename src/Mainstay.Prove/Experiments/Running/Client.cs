using System.Net;
using System.Net.Sockets;
using System.Text;
using Mainstay.Prove.Experiments.Planning;

namespace Mainstay.Prove.Experiments.Running;

/// <summary>Sends single requests, outside the load: to find out, to write, to read.</summary>
internal sealed class Client(TimeProvider time) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public void Dispose() => _client.Dispose();

    /// <summary>Status 0: no answer.</summary>
    public Task<(int Status, string Body)> SendAsync(IPEndPoint server, Exercised exercised, string? body, CancellationToken cancel) =>
        SendAsync(server, exercised, body, TimeSpan.MaxValue, cancel);

    /// <summary>The same, for so long at most.</summary>
    public async Task<(int Status, string Body)> SendAsync(IPEndPoint server, Exercised exercised, string? body, TimeSpan atMost, CancellationToken cancel)
    {
        using var request = Request(server, exercised, body);
        using var patience = new CancellationTokenSource(Patience(exercised, atMost), time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseContentRead, limit.Token);
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(limit.Token));
        }
        catch (Exception failed) when (IsNoAnswer(failed, cancel))
        {
            return (0, "");
        }
    }

    /// <summary>The status, or 0; and whether the answer, of no declared length, was still not at its end after so long.</summary>
    public async Task<(int Status, bool IsEndless)> TryAsync(IPEndPoint server, Exercised exercised, TimeSpan atMost, CancellationToken cancel)
    {
        using var request = Request(server, exercised, exercised.Body);
        using var patience = new CancellationTokenSource(Patience(exercised, atMost), time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        var (status, isOpen) = (0, false);
        try
        {
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            (status, isOpen) = ((int)answer.StatusCode, answer.Content.Headers.ContentLength is null);
            await answer.Content.CopyToAsync(Stream.Null, limit.Token);
            return (status, false);
        }
        catch (Exception failed) when (IsNoAnswer(failed, cancel))
        {
            return isOpen && failed is OperationCanceledException ? (status, true) : (0, false);
        }
    }

    private static HttpRequestMessage Request(IPEndPoint server, Exercised exercised, string? body)
    {
        var request = new HttpRequestMessage(new HttpMethod(exercised.Stream.Method), $"http://{server}{exercised.Stream.Path}");
        if (body is not null)
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        foreach (var (name, value) in exercised.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content?.Headers.TryAddWithoutValidation(name, value);
        }
        return request;
    }

    private static TimeSpan Patience(Exercised exercised, TimeSpan atMost)
    {
        var own = TimeSpan.FromSeconds(exercised.Stream.TimeoutSeconds + 5);
        return own < atMost ? own : atMost;
    }

    private static bool IsNoAnswer(Exception failed, CancellationToken cancel) =>
        failed is HttpRequestException or IOException or SocketException || (failed is OperationCanceledException && !cancel.IsCancellationRequested);
}
