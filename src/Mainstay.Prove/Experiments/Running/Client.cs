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
    public async Task<(int Status, string Body)> SendAsync(IPEndPoint server, Exercised exercised, string? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(new HttpMethod(exercised.Stream.Method), $"http://{server}{exercised.Stream.Path}");
        if (body is not null)
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        foreach (var (name, value) in exercised.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content?.Headers.TryAddWithoutValidation(name, value);
        }
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(exercised.Stream.TimeoutSeconds + 5), time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseContentRead, limit.Token);
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(limit.Token));
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException or SocketException || (failed is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return (0, "");
        }
    }
}
