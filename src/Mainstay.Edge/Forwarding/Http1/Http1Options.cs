namespace Mainstay.Edge.Forwarding.Http1;

/// <summary>Bounds of an <see cref="Http1Client"/>.</summary>
internal sealed record Http1Options
{
    public static Http1Options Default { get; } = new();

    /// <summary>An unused connection is closed after this time (shorter, if the upstream announces a shorter one). Below the 5 s of Node.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>How long a connect may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait for a <c>100 Continue</c> before the body is sent anyway.</summary>
    public TimeSpan ContinueTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Largest head of an answer, interim answers included, in bytes; the same again for its trailers.</summary>
    public int MaxHeadBytes { get; init; } = 64 * 1024;

    /// <summary>Most unused connections kept.</summary>
    public int MaxIdleConnections { get; init; } = 256;
}
