using System.Text;

namespace Mainstay.Prove.Faults.Requests.Malformed;

/// <summary>
/// A request that is wrong in one way, as raw bytes. Whatever it is, the server must not crash, hang, answer 5xx (other than 501 and 505), or
/// pass on a second request that hides in it.
/// </summary>
/// <param name="Name">Unique: <c>framing/both-lengths</c>.</param>
/// <param name="Text">
/// Latin-1; <c>{HOST}</c> and <c>{PORT}</c> stand for the server's, <c>{CANARY}</c> for a path that nobody must ask the upstream for.
/// </param>
/// <param name="MayBeServed">The specification lets a server be lenient here: any answer below 500 will do.</param>
/// <param name="Ends">The client ends its sending half after it: more would be needed.</param>
internal sealed record MalformedRequest(string Name, string Text, bool MayBeServed = false, bool Ends = false)
{
    public byte[] Bytes(string host, int port, string canary) => Encoding.Latin1.GetBytes(Text
        .Replace("{HOST}", $"{host}:{port}", StringComparison.Ordinal)
        .Replace("{PORT}", $"{port}", StringComparison.Ordinal)
        .Replace("{CANARY}", canary, StringComparison.Ordinal));

    /// <param name="status">Of the first answer; 0: closed without one.</param>
    public bool Accepts(int status) => status == 0 || status is >= 400 and < 500 or 501 or 505 || (MayBeServed && status is >= 200 and < 500);
}
