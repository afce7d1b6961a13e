using System.Collections.Immutable;
using System.Text;
using Mainstay.Prove.Faults.Kinds;

namespace Mainstay.Prove.Faults.Proxy.Http;

/// <summary>
/// Looks at the requests of one connection: counts those that reach the upstream and, while there are faults of requests, decides about each before its
/// first byte goes on. A request whose head was partly passed on when the fault came is let go.
/// </summary>
internal sealed class RequestGate(RequestLedger ledger, Random chance)
{
    private readonly RequestScanner _scanner = new();
    private bool _headBegan;
    private bool _kept;

    public ImmutableArray<Fault> Faults { get; set; } = [];

    /// <summary>The rest of a request that was answered in the upstream's place is dropped.</summary>
    public bool IsSwallowing { get; set; }

    /// <summary>Whether bytes must come in stretches: there are faults that could still apply, or a request that one applied to is not over.</summary>
    public bool IsNeeded => _kept || IsSwallowing || (!Faults.IsEmpty && _scanner.IsHttp);

    /// <summary>Counts what passes.</summary>
    public void Observe(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && _scanner.IsHttp)
        {
            var (count, kind) = _scanner.Scan(bytes, out var request);
            if (request is not null)
                ledger.Add(request);
            _headBegan = kind == Stretch.Head;
            bytes = bytes[count..];
        }
    }

    /// <summary>The next stretch of what was read. A head is kept until it is whole; <see cref="Cut.Instead"/> is all of it then.</summary>
    public Cut Next(ReadOnlySpan<byte> bytes)
    {
        var (count, kind) = _scanner.Scan(bytes, out var request);
        if (kind == Stretch.Head && !_headBegan)
        {
            _kept = true;
            return new(count, Keep: true, null, null);
        }
        var whole = _kept || (kind == Stretch.HeadEnd && !_headBegan);
        _kept = false;
        _headBegan = kind == Stretch.Head;
        if (whole)
            return new(count, Keep: false, _scanner.Head.ToArray(), request);
        if (request is not null)
            ledger.Add(request);
        return new(count, Keep: false, null, null);
    }

    /// <summary>The client has ended: what was kept of a head that never became whole.</summary>
    public byte[] Rest() => _kept ? _scanner.Head.ToArray() : [];

    /// <summary>Decides about a request, and counts it if the upstream is going to see it.</summary>
    public RequestVerdict Judge(SeenRequest request)
    {
        var verdict = new RequestVerdict();
        foreach (var fault in Faults)
        {
            if (fault is IRequestFault asked && asked.Which.Matches(request.Method, request.Target, chance))
                verdict = verdict.And(asked.Verdict);
        }
        if (verdict.Status == 0)
            ledger.Add(request);
        return verdict;
    }

    /// <summary>The answer that stands in for the upstream's. The connection is used further, unless the client says otherwise.</summary>
    public static byte[] Answer(SeenRequest request, int status)
    {
        var body = status is 204 or 304 ? "" : "fault\n";
        var length = status == 204 ? "" : $"Content-Length: {body.Length}\r\n";
        return Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Fault\r\nContent-Type: text/plain\r\n{length}\r\n{(request.Method == "HEAD" ? "" : body)}");
    }
}

/// <summary>A stretch of what was read.</summary>
/// <param name="Count">Bytes of it that were taken.</param>
/// <param name="Keep">They are part of a head and kept until it is whole.</param>
/// <param name="Instead">Goes instead of the bytes that were taken, if not null.</param>
/// <param name="Request">What <paramref name="Instead"/> asks, when it is to be judged.</param>
internal readonly record struct Cut(int Count, bool Keep, byte[]? Instead, SeenRequest? Request);
