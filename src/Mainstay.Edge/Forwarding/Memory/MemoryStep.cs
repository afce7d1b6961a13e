using System.IO.Pipelines;
using System.Text;

namespace Mainstay.Edge.Forwarding.Memory;

/// <summary>What an upstream in memory does with one attempt.</summary>
internal sealed record MemoryStep
{
    public AttemptFailure Failure { get; private init; }

    /// <summary>Whether the request counts as sent (and is remembered).</summary>
    public bool IsSent { get; private init; } = true;

    public bool IsAnswered { get; private init; } = true;

    public int Status { get; private init; } = 200;

    public IReadOnlyList<(string Name, string Value)> Headers { get; private init; } = [];

    /// <summary>Trailer fields behind the body.</summary>
    public IReadOnlyList<(string Name, string Value)> Trailers { get; init; } = [];

    public ReadOnlyMemory<byte> Body { get; private init; }

    /// <summary>Bytes a piece of the body has at most.</summary>
    public int PieceBytes { get; init; } = int.MaxValue;

    /// <summary>Whether Content-Length is declared.</summary>
    public bool DeclaresLength { get; init; } = true;

    /// <summary>Ends with an error after the body given here.</summary>
    public bool BreaksOff { get; private init; }

    /// <summary>Whether the request's body is read before the answer.</summary>
    public bool ReadsBody { get; init; } = true;

    public TimeSpan Delay { get; private init; }

    public TimeProvider Time { get; private init; } = TimeProvider.System;

    /// <summary>The head of the answer waits for this.</summary>
    public Task? Gate { get; init; }

    public IDuplexPipe? Tunnel { get; private init; }

    public static MemoryStep Answer(int status, string body = "", params (string Name, string Value)[] headers) =>
        new() { Status = status, Body = Encoding.UTF8.GetBytes(body), Headers = headers };

    public static MemoryStep Fail(AttemptFailure failure, bool sent = true, bool answered = false) =>
        new() { Failure = failure, IsSent = sent, IsAnswered = answered };

    /// <summary>Begins an answer of <paramref name="status"/> and breaks off after <paramref name="body"/>.</summary>
    public static MemoryStep BreakOff(int status, string body = "") => Answer(status, body) with { BreaksOff = true };

    /// <summary>Takes the request and never answers.</summary>
    public static MemoryStep Hang() => new() { Gate = new TaskCompletionSource().Task };

    public static MemoryStep Switch(IDuplexPipe tunnel, params (string Name, string Value)[] headers) =>
        new() { Status = 101, Tunnel = tunnel, Headers = headers };

    /// <summary>The same after a while.</summary>
    public MemoryStep After(TimeSpan delay, TimeProvider time) => this with { Delay = delay, Time = time };
}
