using System.Text;

namespace Mainstay.Prove.Faults.Requests.Malformed;

/// <summary>
/// A request that is wrong in one way, as raw bytes. Whatever it is, the server must not crash, hang, answer 5xx (other than 501 and 505), or
/// pass on a second request that hides in it.
/// </summary>
/// <param name="Name">Unique: <c>framing/both-lengths</c>.</param>
/// <param name="Text">
/// Latin-1. <c>{ASK}</c> stands for the method and path of a request that the application takes, <c>{SEND}</c> for those of one with a body,
/// <c>{PATH}</c> for the former's path, <c>{UNDER}</c> for what goes before a path below it; <c>{HOST}</c> for the Host of whichever it is modelled on;
/// <c>{CANARY}</c> for a path that nobody must ask the upstream for.
/// </param>
/// <param name="MayBeServed">The specification lets a server be lenient here: any answer below 500 will do.</param>
/// <param name="Ends">The client ends its sending half after it: more would be needed.</param>
internal sealed record MalformedRequest(string Name, string Text, bool MayBeServed = false, bool Ends = false)
{
    public byte[] Bytes(MalformedAims aims, string canary)
    {
        var host = Text.Contains("{SEND}", StringComparison.Ordinal) ? aims.Send.Host : aims.Ask.Host;
        return Encoding.Latin1.GetBytes(Text
            .Replace("{ASK}", $"{aims.Ask.Method} {aims.Ask.Path}", StringComparison.Ordinal)
            .Replace("{SEND}", $"{aims.Send.Method} {aims.Send.Path}", StringComparison.Ordinal)
            .Replace("{PATH}", aims.Ask.Path, StringComparison.Ordinal)
            .Replace("{UNDER}", aims.Ask.Path.Split('?')[0].TrimEnd('/'), StringComparison.Ordinal)
            .Replace("{HOST}", host, StringComparison.Ordinal)
            .Replace("{CANARY}", canary, StringComparison.Ordinal));
    }

    /// <param name="status">Of the first answer; 0: closed without one.</param>
    public bool Accepts(int status) => status == 0 || status is >= 400 and < 500 or 501 or 505 || (MayBeServed && status is >= 200 and < 500);
}

/// <summary>What malformed requests are modelled on.</summary>
/// <param name="Ask">Without a body.</param>
/// <param name="Send">With one, where the application takes any.</param>
internal sealed record MalformedAims(Aim Ask, Aim Send);
