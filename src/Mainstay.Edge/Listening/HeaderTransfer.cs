using System.Buffers.Text;
using System.Text;
using Mainstay.Edge.Exchanges;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Mainstay.Edge.Listening;

/// <summary>
/// Carries header fields between Kestrel's dictionaries and ours. One for each connection: values that answers repeat from request to
/// request (content type, server, date) are not turned into a new string each time.
/// </summary>
internal sealed class HeaderTransfer
{
    private readonly string?[] _lastValues = new string?[(int)HeaderId.XRequestId + 1];

    public static void ToBlock(IHeaderDictionary from, HeaderBlock to)
    {
        foreach (var (name, values) in from)
        {
            // HTTP/2's pseudo fields have their own places in the head.
            if (name.StartsWith(':'))
                continue;
            var id = HeaderNames.Find(name);
            for (var i = 0; i < values.Count; i++)
            {
                if (id != HeaderId.Unknown)
                    to.Add(id, values[i]);
                else
                    to.Add(name, values[i]);
            }
        }
    }

    /// <summary>Fields that frame the message are Kestrel's own; only a length is taken over.</summary>
    public void FromBlock(HeaderBlock from, IHeaderDictionary to)
    {
        var seen = 0UL;
        for (var i = 0; i < from.Count; i++)
        {
            var id = from.IdAt(i);
            var again = id != HeaderId.Unknown && (seen & (1UL << (int)id)) != 0;
            seen |= 1UL << (int)id;
            switch (id)
            {
                case HeaderId.Connection or HeaderId.TransferEncoding or HeaderId.KeepAlive or HeaderId.ProxyConnection:
                    break;
                case HeaderId.ContentLength:
                    to.ContentLength = ParseLength(from.ValueAt(i));
                    break;
                case HeaderId.ContentType when !again:
                    to.ContentType = Value(id, from.ValueAt(i));
                    break;
                case HeaderId.Server when !again:
                    to.Server = Value(id, from.ValueAt(i));
                    break;
                case HeaderId.Date when !again:
                    to.Date = Value(id, from.ValueAt(i));
                    break;
                case HeaderId.Unknown:
                    var name = from.NameText(i);
                    to[name] = StringValues.Concat(to[name], from.ValueText(i));
                    break;
                default:
                    var known = HeaderNames.Of(id);
                    to[known] = again ? StringValues.Concat(to[known], Value(id, from.ValueAt(i))) : Value(id, from.ValueAt(i));
                    break;
            }
        }
    }

    private string Value(HeaderId id, ReadOnlySpan<byte> value)
    {
        ref var last = ref _lastValues[(int)id];
        if (last is not null && last.Length == value.Length && Ascii.Equals(value, last))
            return last;
        return last = Encoding.Latin1.GetString(value);
    }

    private static long ParseLength(ReadOnlySpan<byte> value) =>
        Utf8Parser.TryParse(value, out long length, out var used) && used == value.Length && length >= 0
            ? length
            : throw new InvalidOperationException("An answer's Content-Length is not a number.");
}
