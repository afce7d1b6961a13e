using System.Text;

namespace Mainstay.Testing.Http;

/// <summary>A request to send exactly as written.</summary>
public sealed record HttpCall(string Method, string Path, byte[]? Body = null, string Headers = "")
{
    /// <summary>The bytes on the wire. Headers: whole lines, each with its line end.</summary>
    public byte[] ToBytes(int port)
    {
        var length = Body is not null || Method is "POST" or "PUT" ? $"Content-Length: {Body?.Length ?? 0}\r\n" : "";
        return [.. Encoding.Latin1.GetBytes($"{Method} {Path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{length}{Headers}\r\n"), .. Body ?? []];
    }
}

/// <summary>A whole answer.</summary>
public sealed record HttpAnswer(int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[] Body, bool KeepAlive)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public string? Header(string name) =>
        Headers.Where(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value).FirstOrDefault();
}
