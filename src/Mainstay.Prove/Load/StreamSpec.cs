using System.Collections.Immutable;
using System.Net;

namespace Mainstay.Prove.Load;

/// <summary>One kind of request that the load repeats.</summary>
/// <param name="Method">Upper case.</param>
/// <param name="Path">With its query; begins with a slash.</param>
internal sealed record StreamSpec(string Method, string Path)
{
    /// <summary>Sent as written. <c>Host</c> takes the place of the target's; <c>Content-Length</c> is added to a body.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>
    /// The name of a header that tells the stream's requests apart: it carries 1, 2, 3 … in twelve digits. Null: none is sent. HTTP/1.1 only.
    /// </summary>
    public string? NumberHeader { get; init; }

    /// <summary>Empty: none.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The only good status; null: any below 400.</summary>
    public int? ExpectedStatus { get; init; }

    /// <summary>Its share of the plan's pace, relative to the other streams; 0: it rests until it gets a rate of its own.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>
    /// The loopback address that it comes from, such as 127.0.0.2: another client than the others. Each has connections of its own.
    /// Null: as the system chooses.
    /// </summary>
    public IPAddress? Source { get; init; }

    /// <summary>Streams of one group share their connections: those of another do not wait for them. HTTP/1.1 only.</summary>
    public int Group { get; init; }

    /// <summary>From when a request is due until its whole answer must be there. Default 60 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether an answer of this status is what it asks for.</summary>
    public bool IsGood(int status) => ExpectedStatus is { } expected ? status == expected : status is >= 100 and < 400;
}
