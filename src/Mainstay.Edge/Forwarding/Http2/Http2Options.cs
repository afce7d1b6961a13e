namespace Mainstay.Edge.Forwarding.Http2;

/// <summary>Bounds of an <see cref="Http2Client"/>.</summary>
internal sealed record Http2Options
{
    public static Http2Options Default { get; } = new();

    /// <summary>A connection without streams is closed after this time.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a connect may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Largest head of an answer, in kibibytes.</summary>
    public int MaxHeadKibibytes { get; init; } = 64;
}
