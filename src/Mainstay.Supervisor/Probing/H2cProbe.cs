using System.Net;
using System.Net.Sockets;

namespace Mainstay.Supervisor.Probing;

/// <summary>Well when a GET over HTTP/2 without TLS (prior knowledge) is answered with 2xx.</summary>
internal sealed class H2cProbe(int port, string path, TimeProvider time) : TimedProbe(time)
{
    protected override string Question => $"GET {path}";

    protected override async Task<ProbeResult> AskAsync(CancellationToken cancel)
    {
        // One client for each question: a probe must not be answered from a connection that happens to be alive still.
        using var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = 16,
            ActivityHeadersPropagator = null,
            ConnectCallback = async (_, token) => new NetworkStream(await LoopbackConnection.OpenAsync(port, token), ownsSocket: true),
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://127.0.0.1:{port}{path}"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var answer = await client.SendAsync(request, cancel);
        return answer.IsSuccessStatusCode ? ProbeResult.Well : ProbeResult.Bad($"{Question} answered {(int)answer.StatusCode}");
    }
}
