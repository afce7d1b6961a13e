using System.Net;

namespace Mainstay.Prove.Load.Http2;

/// <summary>A stream as the client needs it.</summary>
internal sealed class Http2Stream(StreamSpec spec, LoadTarget target, int client)
{
    private readonly HttpMethod _method = new(spec.Method);
    private readonly Uri _url = new($"http://{target.Address}{spec.Path}");

    /// <summary>Which client sends it.</summary>
    public int Client => client;

    public TimeSpan Patience => spec.Patience;

    public HttpRequestMessage Request()
    {
        var request = new HttpRequestMessage(_method, _url)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = spec.Body.Length > 0 ? new ReadOnlyMemoryContent(spec.Body) : null,
        };
        request.Headers.Host = target.Host;
        request.Headers.TryAddWithoutValidation("User-Agent", "mainstay-load");
        foreach (var (name, value) in spec.Headers)
        {
            if (name.Equals("Host", StringComparison.OrdinalIgnoreCase))
                request.Headers.Host = value;
            else if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content?.Headers.TryAddWithoutValidation(name, value);
        }
        return request;
    }
}
